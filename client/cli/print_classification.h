#ifndef DEMARCHE_CLIENT_CLI_PRINT_CLASSIFICATION_H_
#define DEMARCHE_CLIENT_CLI_PRINT_CLASSIFICATION_H_

#include <string>

#include "client/cli/terminal.h"
#include "demarche/v1/classifier_service.pb.h"

namespace demarche::cli {

// The item as it was sent, with the evidence marked: triggers as `[words](1)` with the number of their event, parties as `{words}`,
// in colour underlined and tinted instead; then the events, numbered alike; then, when the response holds a trace, what each stage
// saw.
std::string PrintClassification(const v1::NewsItem& item, const v1::ClassifyNewsItemResponse& response, const Style& style);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_PRINT_CLASSIFICATION_H_
