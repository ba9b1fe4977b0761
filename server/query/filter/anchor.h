#ifndef DEMARCHE_SERVER_QUERY_FILTER_ANCHOR_H_
#define DEMARCHE_SERVER_QUERY_FILTER_ANCHOR_H_

#include <string>
#include <vector>

#include "demarche/stored/v1/record.pb.h"
#include "server/query/filter/parser.h"

namespace demarche::query {

// An anchor is a type, kind or party as a key of FilterIndex: a header has some, and a filter may be unable to match without one of
// a few.
using Anchors = std::vector<std::string>;

// A header that has none of these does not match the filter. Empty when nothing of the sort can be said.
Anchors AnchorsOf(const Expression& expression);

// All of a header, some perhaps twice. Replaces `anchors`, whose memory is used again.
void FindAnchors(const stored::v1::FilterHeader& header, Anchors& anchors);

}  // namespace demarche::query

#endif  // DEMARCHE_SERVER_QUERY_FILTER_ANCHOR_H_
