#include "pipeline/resources/ontology/ontology.h"

#include <cctype>
#include <utility>

#include "absl/strings/numbers.h"
#include "pipeline/resources/resource.h"
#include "pipeline/resources/table.h"

namespace demarche::ontology {
namespace {

using resources::RowError;

constexpr std::string_view kTypesTable = "ontology/types.tsv";
constexpr std::string_view kModesTable = "ontology/modes.tsv";
constexpr std::string_view kKindsTable = "ontology/kinds.tsv";
constexpr std::string_view kTypePrefix = "EVENT_TYPE_";
constexpr std::string_view kModePrefix = "EVENT_MODE_";
constexpr std::string_view kVersionRow = "version";

bool ReadNumber(std::string_view cell, double* value) { return absl::SimpleAtod(View(cell), value); }

}  // namespace

v1::EventType TypeFromName(std::string_view name) {
  v1::EventType type = v1::EVENT_TYPE_UNSPECIFIED;
  if (!v1::EventType_Parse(std::string(kTypePrefix) + std::string(name), &type)) return v1::EVENT_TYPE_UNSPECIFIED;
  return type;
}

v1::EventMode ModeFromName(std::string_view name) {
  std::string full(kModePrefix);
  for (char c : name) full += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  v1::EventMode mode = v1::EVENT_MODE_UNSPECIFIED;
  if (!v1::EventMode_Parse(full, &mode)) return v1::EVENT_MODE_UNSPECIFIED;
  return mode;
}

std::string_view TypeName(v1::EventType type) { return std::string_view(v1::EventType_Name(type)).substr(kTypePrefix.size()); }

std::string ModeName(v1::EventMode mode) {
  if (mode == v1::EVENT_MODE_UNSPECIFIED) return "";
  std::string name = v1::EventMode_Name(mode).substr(kModePrefix.size());
  for (char& c : name) c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

absl::StatusOr<std::shared_ptr<const Ontology>> Ontology::Load(const resources::Overlay& overlay) {
  const auto types = resources::Find(kTypesTable), modes = resources::Find(kModesTable), kinds = resources::Find(kKindsTable);
  if (!types || !modes || !kinds) return absl::NotFoundError("the tables of ontology/ were not built in");
  return Parse({*types, *modes, *kinds}, overlay);
}

absl::StatusOr<std::shared_ptr<const Ontology>> Ontology::Parse(const Tables& tables, const resources::Overlay& overlay) {
  std::shared_ptr<Ontology> ontology(new Ontology());
  if (auto status = ontology->ReadTypes(tables.types); !status.ok()) return status;
  if (auto status = ontology->ReadModes(tables.modes); !status.ok()) return status;
  if (auto status = ontology->ReadKinds(tables.kinds, overlay); !status.ok()) return status;
  if (!overlay.version().empty()) ontology->version_ += "+" + overlay.version();
  return std::shared_ptr<const Ontology>(std::move(ontology));
}

absl::Status Ontology::ReadTypes(std::string_view text) {
  const auto rows = resources::ReadTable(kTypesTable, text, 4);
  if (!rows.ok()) return rows.status();
  for (const resources::Row& row : *rows) {
    if (row.cells[0] == kVersionRow) {
      version_ = row.cells[1];
      continue;
    }
    const v1::EventType type = TypeFromName(row.cells[0]);
    if (type == v1::EVENT_TYPE_UNSPECIFIED) return RowError(row, "unknown type", row.cells[0]);
    TypeInfo& info = types_[type - 1];
    if (info.type != v1::EVENT_TYPE_UNSPECIFIED) return RowError(row, "repeated type", row.cells[0]);
    info.type = type;
    if (!v1::QuadClass_Parse("QUAD_CLASS_" + std::string(row.cells[1]), &info.quad_class)) {
      return RowError(row, "unknown quad class", row.cells[1]);
    }
    if (!ReadNumber(row.cells[2], &info.intensity)) return RowError(row, "not a number:", row.cells[2]);
    info.description = row.cells[3];
  }
  if (version_.empty()) return absl::InvalidArgumentError(std::string(kTypesTable) + ": no row 'version'");
  for (int i = 0; i < kTypeCount; ++i) {
    if (types_[i].type == v1::EVENT_TYPE_UNSPECIFIED) {
      return absl::InvalidArgumentError(std::string(kTypesTable) + ": no row '" +
                                        std::string(TypeName(static_cast<v1::EventType>(i + 1))) + "'");
    }
  }
  return absl::OkStatus();
}

absl::Status Ontology::ReadModes(std::string_view text) {
  const auto rows = resources::ReadTable(kModesTable, text, 3);
  if (!rows.ok()) return rows.status();
  for (const resources::Row& row : *rows) {
    const v1::EventType type = TypeFromName(row.cells[0]);
    if (type == v1::EVENT_TYPE_UNSPECIFIED) return RowError(row, "unknown type", row.cells[0]);
    ModeInfo mode{ModeFromName(row.cells[1]), 0};
    if (mode.mode == v1::EVENT_MODE_UNSPECIFIED) return RowError(row, "unknown mode", row.cells[1]);
    if (!ReadNumber(row.cells[2], &mode.intensity)) return RowError(row, "not a number:", row.cells[2]);
    types_[type - 1].modes.push_back(mode);
  }
  return absl::OkStatus();
}

absl::Status Ontology::ReadKinds(std::string_view text, const resources::Overlay& overlay) {
  const auto rows = overlay.ReadTable(kKindsTable, text, 8);
  if (!rows.ok()) return rows.status();
  for (const resources::Row& row : *rows) {
    KindInfo info;
    info.kind = row.cells[0];
    info.type = TypeFromName(row.cells[1]);
    if (info.type == v1::EVENT_TYPE_UNSPECIFIED) return RowError(row, "unknown type", row.cells[1]);
    info.mode = ModeFromName(row.cells[2]);
    if (!row.cells[2].empty()) {
      bool known = false;
      for (const ModeInfo& mode : FindType(info.type)->modes) known |= mode.mode == info.mode;
      if (!known) return RowError(row, "not a mode of the type:", row.cells[2]);
    }
    info.cameo_code = row.cells[3];
    for (std::string_view context : resources::Split(row.cells[4], ',')) info.contexts.emplace_back(context);
    info.description = row.cells[5];
    info.example = row.cells[6];
    info.counter_example = row.cells[7];
    if (info.description.empty() || info.example.empty() || info.counter_example.empty())
      return RowError(row, "no description, example or counter-example of", info.kind);
    if (!kind_index_.emplace(info.kind, kinds_.size()).second) return RowError(row, "repeated kind", info.kind);
    kinds_.push_back(std::move(info));
  }
  return absl::OkStatus();
}

const TypeInfo* Ontology::FindType(v1::EventType type) const {
  if (type < 1 || type > kTypeCount) return nullptr;
  return &types_[type - 1];
}

const KindInfo* Ontology::FindKind(std::string_view kind) const {
  const auto found = kind_index_.find(kind);
  return found == kind_index_.end() ? nullptr : &kinds_[found->second];
}

double Ontology::Intensity(v1::EventType type, v1::EventMode mode) const {
  const TypeInfo* info = FindType(type);
  if (info == nullptr) return 0;
  for (const ModeInfo& known : info->modes) {
    if (known.mode == mode) return known.intensity;
  }
  return info->intensity;
}

}  // namespace demarche::ontology
