#ifndef DEMARCHE_PIPELINE_RESOURCES_ONTOLOGY_ONTOLOGY_H_
#define DEMARCHE_PIPELINE_RESOURCES_ONTOLOGY_ONTOLOGY_H_

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "demarche/v1/event.pb.h"
#include "pipeline/document/strings.h"
#include "pipeline/resources/overlay.h"

namespace demarche::ontology {

inline constexpr int kTypeCount = 16;

// A mode of a type and the conflict-cooperation score of events that have it.
struct ModeInfo {
  v1::EventMode mode = v1::EVENT_MODE_UNSPECIFIED;
  double intensity = 0;
};

struct TypeInfo {
  v1::EventType type = v1::EVENT_TYPE_UNSPECIFIED;
  v1::QuadClass quad_class = v1::QUAD_CLASS_UNSPECIFIED;
  double intensity = 0;  // without a mode
  std::string description;
  std::vector<ModeInfo> modes;  // in the order of the table
};

struct KindInfo {
  std::string kind;
  v1::EventType type = v1::EVENT_TYPE_UNSPECIFIED;
  v1::EventMode mode = v1::EVENT_MODE_UNSPECIFIED;
  std::string cameo_code;
  std::vector<std::string> contexts;
  std::string description;
  std::string example;
  std::string counter_example;  // a near miss of another kind, or no event at all
};

// The tables as text, each with the name that errors give.
struct Tables {
  std::string_view types;
  std::string_view modes;
  std::string_view kinds;
};

// Event types, modes and kinds. Loaded once, then immutable and shared by all threads; lives as long as the server.
class Ontology {
 public:
  // The tables that were built in, with what is laid over them.
  static absl::StatusOr<std::shared_ptr<const Ontology>> Load(const resources::Overlay& overlay = {});
  // INVALID_ARGUMENT with table and line.
  static absl::StatusOr<std::shared_ptr<const Ontology>> Parse(const Tables& tables, const resources::Overlay& overlay = {});

  // `1`, or `1+overlay.0123abcd` when something is laid over the tables of the pipeline.
  const std::string& version() const { return version_; }
  // In the order of the enum.
  const std::array<TypeInfo, kTypeCount>& types() const { return types_; }
  // In the order of the table.
  const std::vector<KindInfo>& kinds() const { return kinds_; }

  // Null for an unspecified or unknown type.
  const TypeInfo* FindType(v1::EventType type) const;
  // Null for an unknown kind.
  const KindInfo* FindKind(std::string_view kind) const;
  // The conflict-cooperation score; that of the type when it has no such mode.
  double Intensity(v1::EventType type, v1::EventMode mode) const;

 private:
  Ontology() = default;
  absl::Status ReadTypes(std::string_view text);
  absl::Status ReadModes(std::string_view text);
  absl::Status ReadKinds(std::string_view text, const resources::Overlay& overlay);

  std::string version_;
  std::array<TypeInfo, kTypeCount> types_;
  std::vector<KindInfo> kinds_;
  StringMap<size_t> kind_index_;
};

// Names as the tables write them: `AGREE`, `heavy-weapons`. Unspecified when unknown.
v1::EventType TypeFromName(std::string_view name);
v1::EventMode ModeFromName(std::string_view name);
std::string_view TypeName(v1::EventType type);
// Empty for the unspecified mode.
std::string ModeName(v1::EventMode mode);

}  // namespace demarche::ontology

#endif  // DEMARCHE_PIPELINE_RESOURCES_ONTOLOGY_ONTOLOGY_H_
