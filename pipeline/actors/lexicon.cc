#include "pipeline/actors/lexicon.h"

#include "pipeline/document/strings.h"

namespace demarche::actors {
namespace {

StringSet MakeSet(std::string_view words) {
  StringSet set;
  size_t begin = 0;
  while (begin < words.size()) {
    size_t end = words.find(' ', begin);
    if (end == std::string_view::npos) end = words.size();
    set.emplace(words.substr(begin, end - begin));
    begin = end + 1;
  }
  return set;
}

bool EndsIn(std::string_view word, std::string_view ending) { return word.size() > ending.size() + 2 && word.ends_with(ending); }

}  // namespace

bool IsCourtesyTitle(std::string_view word) {
  static const StringSet& set = *new StringSet(MakeSet(
      "mr mr. mrs mrs. ms ms. dr dr. sir lord lady madam gen gen. lt col sen sen. rep rep. gov gov. adm adm. maj capt mx prof"));
  return set.contains(word);
}

bool IsFunctionWord(std::string_view word) {
  static const StringSet& set = *new StringSet(MakeSet(
      "a an the this that these those and or but nor so yet if when while as because although though since until unless after "
      "before in on at by for with from to of into over under about between against during through without within among across "
      "behind beyond toward towards upon near outside inside amid despite per via is are was were be been being has have had do "
      "does did will would shall should can could may might must not no it its he she they them his her their him we our us you i "
      "who whom whose which what where why how there here than then also only even both either neither all some any each every "
      "many most more less few several such other another said says saying told according however meanwhile earlier later "
      "yesterday today tomorrow now still already just once again like unlike including instead did"));
  return set.contains(word);
}

bool IsMonthOrDay(std::string_view word) {
  static const StringSet& set = *new StringSet(MakeSet(
      "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
      "october november december"));
  return set.contains(word);
}

bool IsQuoteOrColon(std::string_view word) {
  return word == "\"" || word == "\xE2\x80\x9C" || word == ":" || word == "``" || word == "\xE2\x80\x98" || word == "'" ||
         word == "-" || word == "\xE2\x80\x94" || word == "\xE2\x80\x93" || word == ";";
}

bool IsPossessiveMark(std::string_view word) {
  return word == "'s" || word == "\xE2\x80\x99s" || word == "'" || word == "\xE2\x80\x99" || word == "'S" ||
         word == "\xE2\x80\x99S";
}

bool IsLocative(std::string_view word) {
  static const StringSet& set = *new StringSet(MakeSet("in at near outside inside across throughout around within off"));
  return set.contains(word);
}

bool IsModifier(std::string_view word) {
  static const StringSet& set = *new StringSet(MakeSet(
      "senior top high-ranking high ranking leading junior former then new newly elected re-elected incumbent outgoing incoming "
      "acting interim caretaker deputy vice "
      "chief permanent special naval air ground land sea armed security police state defence defense veteran hardline far-right "
      "far-left "
      "right-wing left-wing right left hand centrist conservative liberal socialist communist islamist transitional ruling local "
      "central military-led elite main first second third two three four five six seven eight nine ten dozen dozens hundreds "
      "thousands "
      "young old female male many several some more other fellow own then-foreign occupying invading peacekeeping combat "
      "special-forces border coast "
      "coastal army navy troop volunteer foreign-ministry riot intelligence government nuclear oil trade finance interior foreign "
      "justice health peace "
      "opposition embassy consulate warring rival bombed heavy light long-range short-range kamikaze attack reconnaissance "
      "surveillance unmanned spy war fighter "
      "student human rights aid cruise hypersonic senior-most pro-government anti-government pro-russian frontline regular private "
      "energy "
      "parliamentary-backed de facto paramount supreme embattled ailing exiled jailed detained ousted deposed designate long-time "
      "longtime "
      "technical high-level joint strategic"));
  return set.contains(word) || EndsIn(word, "al") || EndsIn(word, "ary") || EndsIn(word, "ist") || EndsIn(word, "ic");
}

bool IsNameParticle(std::string_view word) {
  static const StringSet& set =
      *new StringSet(MakeSet("al el bin bint ibn van von der den de da di du la le dos das abu ould ag ben ter zu"));
  return set.contains(word);
}

bool IsCountryNoun(std::string_view word) { return word == "country" || word == "nation"; }

bool IsOpponentNoun(std::string_view word) {
  return word == "neighbour" || word == "neighbor" || word == "rival" || word == "foe" || word == "adversary";
}

bool IsBodyNoun(std::string_view word) {
  return word == "organization" || word == "organisation" || word == "body" || word == "grouping" || word == "bloc";
}

bool IsPluralNoun(std::string_view word) {
  return word == "police" || word == "people" || word == "men" || word == "women" || word == "children" ||
         (word.size() > 3 && word.ends_with("s") && !word.ends_with("ss"));
}

PairNoun PairNounOf(std::string_view word) {
  static const StringSet& states =
      *new StringSet(MakeSet("countries nations governments states neighbours neighbors capitals powers rivals allies kingdoms "
                             "republics armies militaries foes adversaries"));
  static const StringSet& parties =
      *new StringSet(MakeSet("sides leaders presidents premiers men women ministers parties delegations teams visitors delegates "
                             "negotiators diplomats envoys generals factions"));
  return states.contains(word) ? PairNoun::kStates : parties.contains(word) ? PairNoun::kParties : PairNoun::kNone;
}

bool IsFormer(std::string_view word) {
  static const StringSet& set = *new StringSet(MakeSet("former ex late one-time onetime then-former ousted deposed"));
  return set.contains(word);
}

bool IsTiedTo(std::string_view word) {
  static const StringSet& set = *new StringSet(MakeSet(
      "backed led trained based born style made controlled occupied aligned funded supported sponsored brokered mediated flagged "
      "owned speaking held linked installed hosted drafted built friendly run educated bound armed supplied dominated majority"));
  return set.contains(word);
}

bool EndsPhrase(std::string_view word) {
  static const StringSet& set = *new StringSet(MakeSet(", . ; : ) ! ? - -- \" \xE2\x80\x94 \xE2\x80\x93 \xE2\x80\x9D"));
  return set.contains(word);
}

}  // namespace demarche::actors
