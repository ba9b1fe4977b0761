#include "client/cli/arguments.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/time/clock.h"
#include "client/cli/arguments_bench.h"
#include "client/cli/arguments_global.h"
#include "client/cli/completion.h"
#include "client/cli/man_page.h"
#include "client/cli/sub_arguments.h"
#include "client/cli/times.h"
#include "client/cli/usage_fault.h"

namespace demarche::cli {
namespace {

// The text of each option that needs conversion after parsing.
struct Texts {
  std::string format = "auto";
  std::string date;
  std::string after;
  std::string since;
  std::string story;
  std::string on_expired = "fail";
  std::string output = "pretty";
  bool earliest = false;
};

std::string CheckDate(const std::string& text) {
  return ParseTime(text) ? "" : "'" + text + "' is not a time such as 2025-02-12T18:30:00Z or 2025-02-12";
}

std::string CheckSince(const std::string& text) {
  return ParseSince(text, absl::Now())
             ? ""
             : "'" + text + "' is neither a time such as 2025-02-12T18:30:00Z nor a span such as 2h or 7d";
}

std::string CheckStory(const std::string& text) {
  return text.find_first_of("\"\\") == std::string::npos
             ? ""
             : "'" + text + "' is no id of a story: it holds a quotation mark or a backslash";
}

InputFormat FormatOf(const std::string& text) {
  if (text == "text") return InputFormat::kText;
  if (text == "html") return InputFormat::kHtml;
  return text == "jsonl" ? InputFormat::kJsonLines : InputFormat::kAuto;
}

void AddInput(CLI::App* command, InputArguments& input, Texts& texts) {
  command->add_option("FILE", input.paths, "Files of text, HTML or JSON lines (one NewsItem a line); - is stdin")->required();
  command->add_option("--format", texts.format, "What the files hold; told by the first byte when auto")
      ->check(CLI::IsMember({"auto", "text", "html", "jsonl"}))
      ->capture_default_str();
  command->add_option("--title", input.title, "Headline (text and HTML)");
  command->add_option("--publisher", input.publisher, "Who published it (text and HTML)");
  command
      ->add_option("--date", texts.date,
                   "When it was published (text and HTML); now by default, so that publishing again makes another item")
      ->check(CheckDate);
  command->add_option("--id", input.news_item_id, "The publisher's id of the item (text and HTML, one file)");
}

void FinishInput(InputArguments& input, const Texts& texts) {
  input.format = FormatOf(texts.format);
  if (!texts.date.empty()) input.publish_time = ParseTime(texts.date);
  if (!input.news_item_id.empty() && input.paths.size() > 1)
    throw CLI::ValidationError("--id", "names one item, but there are several files");
  if (std::count(input.paths.begin(), input.paths.end(), "-") > 1) throw CLI::ValidationError("FILE", "- can be read only once");
}

void AddOutput(CLI::App* command, Texts& texts, const char* json) {
  command->add_option("-o,--output", texts.output, "How to print")->check(CLI::IsMember({"pretty", json}))->capture_default_str();
}

void AddPublish(CLI::App& app, Arguments& arguments, PublishArguments& publish, Texts& texts) {
  CLI::App* command = app.add_subcommand("publish", "Publish news items and wait until they are stored")->footer(kGlobalHelp);
  AddInput(command, publish.input, texts);
  command->add_option("-o,--output", texts.output, "pretty: a summary; jsonl: one result a line, the summary on stderr")
      ->check(CLI::IsMember({"pretty", "jsonl"}))
      ->capture_default_str();
  command->add_flag("-q,--quiet", publish.quiet, "Say nothing when all goes well");
  command->callback([&] {
    FinishInput(publish.input, texts);
    publish.json_lines = texts.output == "jsonl";
    arguments.command = publish;
  });
}

void AddRetract(CLI::App& app, Arguments& arguments, RetractArguments& retract, Texts& texts) {
  CLI::App* command =
      app.add_subcommand("retract", "Withdraw an item; events that no other item tells of are retracted")->footer(kGlobalHelp);
  command->add_option("ID", retract.news_item_id, "The publisher's id of the item")->required();
  command->add_option("--publisher", retract.publisher, "Who published it");
  command->add_flag("--purge", retract.purge,
                    "Also erase its text and what events quote of it, for good; an item that was retracted before too");
  AddOutput(command, texts, "jsonl");
  command->callback([&] {
    retract.json_lines = texts.output == "jsonl";
    arguments.command = retract;
  });
}

EventFormat FormatOfEvents(const std::string& text) {
  if (text == "jsonl") return EventFormat::kJsonLines;
  if (text == "csv") return EventFormat::kCsv;
  return text == "cloudevents" ? EventFormat::kCloudEvents : EventFormat::kPretty;
}

void FinishWatch(WatchArguments& watch, const Texts& texts) {
  if (!texts.after.empty()) watch.start.set_after(texts.after);
  if (!texts.since.empty()) *watch.start.mutable_time() = ToTimestamp(*ParseSince(texts.since, absl::Now()));
  if (texts.earliest) watch.start.set_earliest(true);
  if (watch.start.start_case() == v1::StartPosition::START_NOT_SET) watch.start.set_latest(true);
  if (texts.on_expired == "earliest") watch.on_expired = v1::ON_EXPIRED_EARLIEST;
  if (texts.on_expired == "latest") watch.on_expired = v1::ON_EXPIRED_LATEST;
  if (!texts.story.empty()) watch.filters = {"story_id = \"" + texts.story + "\""};
  watch.format = FormatOfEvents(texts.output);
}

void AddWatch(CLI::App& app, Arguments& arguments, WatchArguments& watch, Texts& texts) {
  CLI::App* command = app.add_subcommand("watch", "Print events as they come")->footer(kGlobalHelp);
  auto* after = command->add_option("--after", texts.after, "Start after this position")->type_name("POSITION");
  auto* since = command->add_option("--since", texts.since, "Start with events stored since a time, or a span ago: 2h, 7d")
                    ->check(CheckSince)
                    ->type_name("TIME");
  auto* earliest = command->add_flag("--earliest", texts.earliest, "Start with the first event kept");
  after->excludes(since)->excludes(earliest);
  since->excludes(earliest);
  auto* story =
      command->add_option("--follow-story", texts.story, "Only the events of this story")->check(CheckStory)->type_name("STORY_ID");
  command->add_option("--filter", watch.filters, "Only events that match; may be given up to 16 times, one match is enough")
      ->type_name("EXPR")
      ->excludes(story)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->take_all();
  command->add_option("--on-expired", texts.on_expired, "When the start is no longer kept")
      ->check(CLI::IsMember({"fail", "earliest", "latest"}))
      ->capture_default_str();
  command->add_option("--count", watch.count, "End after this many events")->check(CLI::PositiveNumber)->type_name("N");
  command->add_flag("--until-caught-up", watch.until_caught_up, "End when all that is stored has been printed");
  command->add_flag("--reconnect", watch.reconnect, "Connect again when the connection breaks, without a gap or a repeat");
  command->add_option("--cursor-file", watch.cursor_file, "Go on after the position in this file, and keep it there")
      ->type_name("FILE")
      ->excludes(after);
  command->add_option("-o,--output", texts.output, "How to print")
      ->check(CLI::IsMember({"pretty", "jsonl", "csv", "cloudevents"}))
      ->capture_default_str();
  command->callback([&] {
    FinishWatch(watch, texts);
    arguments.command = watch;
  });
}

void AddClassify(CLI::App& app, Arguments& arguments, ClassifyArguments& classify, Texts& texts) {
  CLI::App* command = app.add_subcommand("classify", "Show the events of a text without storing it")->footer(kGlobalHelp);
  AddInput(command, classify.input, texts);
  command->add_flag("--explain", classify.explain, "Also show what each stage saw and decided");
  AddOutput(command, texts, "json");
  command->callback([&] {
    FinishInput(classify.input, texts);
    classify.json = texts.output == "json";
    arguments.command = classify;
  });
}

void AddHistory(CLI::App* events, Arguments& arguments, HistoryArguments& history, Texts& texts) {
  CLI::App* command =
      events->add_subcommand("history", "Print what changed in an event, when, and because of which item")->footer(kGlobalHelp);
  command->add_option("ID", history.event_id, "The event's id")->required();
  AddOutput(command, texts, "jsonl");
  command->callback([&] {
    history.json_lines = texts.output == "jsonl";
    arguments.command = history;
  });
}

void AddEvents(CLI::App& app, Arguments& arguments, GetEventArguments& get, ListEventsArguments& list, HistoryArguments& history,
               Texts& texts) {
  CLI::App* events = app.add_subcommand("events", "Look events up")->require_subcommand(1)->footer(kGlobalHelp);
  CLI::App* get_command = events->add_subcommand("get", "Print the latest revision of an event")->footer(kGlobalHelp);
  get_command->add_option("ID", get.event_id, "The event's id")->required();
  AddOutput(get_command, texts, "jsonl");
  get_command->callback([&] {
    get.json_lines = texts.output == "jsonl";
    arguments.command = get;
  });
  CLI::App* list_command =
      events->add_subcommand("list", "Print the latest revisions of events, oldest first")->footer(kGlobalHelp);
  list_command->add_option("--filter", list.filter, "Only events that match")->type_name("EXPR");
  list_command->add_option("--limit", list.limit, "At most this many; 0 for all")->capture_default_str()->type_name("N");
  AddOutput(list_command, texts, "jsonl");
  list_command->callback([&] {
    list.json_lines = texts.output == "jsonl";
    arguments.command = list;
  });
  AddHistory(events, arguments, history, texts);
}

void AddWho(CLI::App& app, Arguments& arguments, WhoArguments& who, Texts& texts) {
  CLI::App* command = app.add_subcommand("who", "Say who a name or an office means on a day")->footer(kGlobalHelp);
  auto* name = command->add_option("NAME", who.name, "A person, a party or an office: Kallas, 'foreign minister of Iran'");
  command->add_option("--on", texts.date, "The day; today by default")->check(CheckDate)->type_name("DATE");
  auto* body = command->add_option("--body", who.body, "Instead of a name: list the offices of this state or organisation")
                   ->type_name("CODE")
                   ->excludes(name);
  command->add_option("--role", who.role, "Only this role of the body, such as foreign_minister")->type_name("ROLE")->needs(body);
  AddOutput(command, texts, "jsonl");
  command->callback([&] {
    if (who.name.empty() && who.body.empty()) throw CLI::RequiredError("NAME or --body");
    if (!texts.date.empty()) who.on = ParseTime(texts.date);
    who.json_lines = texts.output == "jsonl";
    arguments.command = who;
  });
}

void AddTop(CLI::App& app, Arguments& arguments, TopArguments& top) {
  CLI::App* command =
      app.add_subcommand("top", "Show rates, lags, stages, subscriptions and sessions as they are")->footer(kGlobalHelp);
  command->add_option("--interval", top.interval_s, "Seconds between two looks")
      ->check(CLI::Range(kMinTopIntervalSeconds, kMaxTopIntervalSeconds))
      ->capture_default_str()
      ->type_name("SECONDS");
  command->add_flag("--once", top.once, "Print one table, after one interval");
  command->callback([&] { arguments.command = top; });
}

// What belongs to no command. The hidden --man ends the parsing.
void DescribeApp(CLI::App& app, bool& is_man) {
  app.set_version_flag("--version", "demarche " DEMARCHE_VERSION);
  app.footer(kExitCodeHelp);
  app.failure_message(UsageFault);
  app.require_subcommand(1);
  app.fallthrough();
  app.add_flag_callback("--man",
                        [&is_man] {
                          is_man = true;
                          throw CLI::Success();
                        })
      ->group("");
}

}  // namespace

std::optional<Arguments> ParseArguments(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
                                        ExitCode* exit_code) {
  Arguments arguments;
  Texts texts;
  PublishArguments publish;
  RetractArguments retract;
  WatchArguments watch;
  ClassifyArguments classify;
  GetEventArguments get;
  ListEventsArguments list;
  HistoryArguments history;
  WhoArguments who;
  CLI::App app("demarche: publish news items to a demarched server, and watch the diplomatic events in them", "demarche");
  bool is_man = false;
  DescribeApp(app, is_man);
  GlobalOptions global;
  AddGlobal(app, global);
  AddPublish(app, arguments, publish, texts);
  AddRetract(app, arguments, retract, texts);
  AddWatch(app, arguments, watch, texts);
  AddClassify(app, arguments, classify, texts);
  AddEvents(app, arguments, get, list, history, texts);
  AddWho(app, arguments, who, texts);
  BenchArguments bench;
  AddBench(
      app, bench, [&] { arguments.command = bench; }, kGlobalHelp);
  AddSub(app, kGlobalHelp, [&](SubArguments sub) { arguments.command = std::move(sub); });
  app.add_subcommand("doctor", "Check the server and the way to it, and say what to mend")->footer(kGlobalHelp);
  TopArguments top;
  AddTop(app, arguments, top);
  ContextArguments contexts;
  AddContext(app, contexts, [&] { arguments.command = contexts; });
  std::string completion;
  AddCompletion(app, completion);
  try {
    app.parse(argc, argv);
    if (completion.empty()) {
      const bool is_about_contexts = std::holds_alternative<ContextArguments>(arguments.command);
      arguments.connection = ResolveConnection(app, global, !is_about_contexts, argc, argv);
    }
  } catch (const CLI::ParseError& error) {
    if (!is_man) {
      *exit_code = app.exit(error, out, err) == 0 ? kExitOk : kExitUsage;
      return std::nullopt;
    }
  }
  if (is_man || !completion.empty()) {
    out << (is_man ? ManPage(app) : completion);
    *exit_code = out.flush() ? kExitOk : kExitOutput;
    if (!out) err << "demarche: cannot write to stdout: " << std::strerror(errno) << '\n';
    return std::nullopt;
  }
  arguments.color = global.color_mode();
  return arguments;
}

}  // namespace demarche::cli
