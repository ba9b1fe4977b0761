#ifndef DEMARCHE_PIPELINE_DOCUMENT_RELATION_H_
#define DEMARCHE_PIPELINE_DOCUMENT_RELATION_H_

#include <array>
#include <string_view>

// The relations of Universal Dependencies, as Token::label holds them: views with static storage.
namespace demarche::document::relation {

inline constexpr std::string_view kAcl = "acl", kAclRelcl = "acl:relcl", kAdvcl = "advcl", kAdvclRelcl = "advcl:relcl",
                                  kAdvmod = "advmod", kAmod = "amod", kAppos = "appos", kAux = "aux", kAuxPass = "aux:pass",
                                  kCase = "case", kCc = "cc", kCcPreconj = "cc:preconj", kCcomp = "ccomp", kClf = "clf",
                                  kCompound = "compound", kCompoundPrt = "compound:prt", kConj = "conj", kCop = "cop",
                                  kCsubj = "csubj", kCsubjOuter = "csubj:outer", kCsubjPass = "csubj:pass", kDep = "dep",
                                  kDet = "det", kDetPredet = "det:predet", kDiscourse = "discourse", kDislocated = "dislocated",
                                  kExpl = "expl", kFixed = "fixed", kFlat = "flat", kGoeswith = "goeswith", kIobj = "iobj",
                                  kList = "list", kMark = "mark", kNmod = "nmod", kNmodDesc = "nmod:desc", kNmodPoss = "nmod:poss",
                                  kNmodUnmarked = "nmod:unmarked", kNsubj = "nsubj", kNsubjOuter = "nsubj:outer",
                                  kNsubjPass = "nsubj:pass", kNummod = "nummod", kObj = "obj", kObl = "obl",
                                  kOblAgent = "obl:agent", kOblUnmarked = "obl:unmarked", kOrphan = "orphan",
                                  kParataxis = "parataxis", kPunct = "punct", kReparandum = "reparandum", kRoot = "root",
                                  kVocative = "vocative", kXcomp = "xcomp";

inline constexpr std::array kAll = {
    kAcl,          kAclRelcl,   kAdvcl,      kAdvclRelcl, kAdvmod, kAmod,      kAppos,       kAux,        kAuxPass,
    kCase,         kCc,         kCcPreconj,  kCcomp,      kClf,    kCompound,  kCompoundPrt, kConj,       kCop,
    kCsubj,        kCsubjOuter, kCsubjPass,  kDep,        kDet,    kDetPredet, kDiscourse,   kDislocated, kExpl,
    kFixed,        kFlat,       kGoeswith,   kIobj,       kList,   kMark,      kNmod,        kNmodDesc,   kNmodPoss,
    kNmodUnmarked, kNsubj,      kNsubjOuter, kNsubjPass,  kNummod, kObj,       kObl,         kOblAgent,   kOblUnmarked,
    kOrphan,       kParataxis,  kPunct,      kReparandum, kRoot,   kVocative,  kXcomp};

// The constant that equals the name; empty for a name that is no relation here.
constexpr std::string_view Find(std::string_view name) {
  for (const std::string_view relation : kAll) {
    if (relation == name) return relation;
  }
  return {};
}

// The relation without its sub-type: 'nmod:poss' is 'nmod'.
constexpr std::string_view Base(std::string_view label) { return label.substr(0, label.find(':')); }

}  // namespace demarche::document::relation

#endif  // DEMARCHE_PIPELINE_DOCUMENT_RELATION_H_
