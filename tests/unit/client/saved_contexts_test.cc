#include "client/cli/saved_contexts.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "client/cli/arguments.h"
#include "client/cli/context_command.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_directory.h"

namespace demarche::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A user with a folder for settings of their own.
class SavedContextsTest : public ::testing::Test {
 protected:
  SavedContextsTest() { setenv("XDG_CONFIG_HOME", temporary_.path().c_str(), 1); }
  ~SavedContextsTest() override {
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("DEMARCHE_SERVER");
    unsetenv("DEMARCHE_CONTEXT");
  }

  std::optional<Arguments> Parse(std::vector<const char*> argv) {
    argv.insert(argv.begin(), "demarche");
    std::ostringstream out;
    return ParseArguments(static_cast<int>(argv.size()), argv.data(), out, err_, &code_);
  }
  // As the program does: parses and runs.
  ExitCode Run(std::vector<const char*> argv) {
    const auto arguments = Parse(std::move(argv));
    if (!arguments) return code_;
    Context context{.server = arguments->connection.server,
                    .out = out_,
                    .err = err_,
                    .stop = stop_,
                    .tls = arguments->connection.tls,
                    .token_file = arguments->connection.token_file};
    return ManageContexts(context, std::get<ContextArguments>(arguments->command));
  }
  std::string Server(std::vector<const char*> argv) {
    const auto arguments = Parse(std::move(argv));
    return arguments ? arguments->connection.server : "error";
  }

  support::TemporaryDirectory temporary_;
  std::ostringstream out_, err_;
  Stop stop_;
  ExitCode code_ = kExitOk;
};

TEST_F(SavedContextsTest, AreAddedSelectedListedAndRemoved) {
  const std::string token = temporary_.Write("token", "the-secret\n");
  ASSERT_EQ(Run({"context", "add", "prod", "--server", "prod:1", "--tls", "--token-file", token.c_str()}), kExitOk) << err_.str();
  ASSERT_EQ(Run({"context", "add", "test", "--server", "test:2", "--select"}), kExitOk);
  ASSERT_EQ(Run({"context", "ls"}), kExitOk);
  EXPECT_EQ(out_.str(), "  prod  prod:1, TLS, token from " + token + "\n* test  test:2\n");
  EXPECT_EQ(Server({"doctor"}), "test:2");
  ASSERT_EQ(Run({"context", "select", "prod"}), kExitOk);
  const auto arguments = Parse({"doctor"});
  EXPECT_EQ(arguments->connection.server, "prod:1");
  EXPECT_TRUE(arguments->connection.tls);
  EXPECT_EQ(arguments->connection.token_file, token);
  ASSERT_EQ(Run({"context", "rm", "prod"}), kExitOk);
  EXPECT_EQ(Server({"doctor"}), client::kDefaultServer);
  EXPECT_EQ(Run({"context", "select", "prod"}), kExitUsage);
  EXPECT_THAT(err_.str(), HasSubstr("there is no context 'prod'; there are: test"));
}

TEST_F(SavedContextsTest, KeepTheFileOfATokenNeverTheTokenAndAreReadableByTheOwnerAlone) {
  const std::string token = temporary_.Write("token", "the-secret\n");
  ASSERT_EQ(Run({"context", "add", "prod", "--token-file", token.c_str()}), kExitOk);
  const std::string path = *ContextsPath();
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_THAT(text.str(), AllOf(HasSubstr(token), Not(HasSubstr("the-secret"))));
}

TEST_F(SavedContextsTest, WhatIsTypedComesFirstThenTheNamedContextThenTheEnvironment) {
  const std::string token = temporary_.Write("token", "t\n");
  ASSERT_EQ(Run({"context", "add", "prod", "--server", "prod:1", "--token-file", token.c_str(), "--select"}), kExitOk);
  ASSERT_EQ(Run({"context", "add", "test", "--server", "test:2"}), kExitOk);
  EXPECT_EQ(Server({"doctor", "--context", "test"}), "test:2");
  EXPECT_EQ(Server({"doctor", "--context=test", "--server", "typed:3"}), "typed:3");
  setenv("DEMARCHE_CONTEXT", "test", 1);
  EXPECT_EQ(Server({"doctor"}), "test:2");
  setenv("DEMARCHE_SERVER", "env:4", 1);
  EXPECT_EQ(Server({"doctor"}), "env:4");
  EXPECT_EQ(Server({"doctor", "--context", "prod"}), "prod:1");
  EXPECT_EQ(Server({"doctor", "--server", "typed:3"}), "typed:3");
  // A token is not sent to a server that it was not saved for.
  unsetenv("DEMARCHE_CONTEXT");
  EXPECT_EQ(Parse({"doctor"})->connection.token_file, "");
  EXPECT_EQ(Parse({"doctor", "--server", "typed:3"})->connection.token_file, "");
}

TEST_F(SavedContextsTest, MistakesAreNamed) {
  EXPECT_EQ(Server({"doctor", "--context", "prod"}), "error");
  EXPECT_THAT(err_.str(), HasSubstr("there is no context 'prod'; none is saved"));
  EXPECT_EQ(Server({"doctor", "--context", "a/b"}), "error");
  EXPECT_THAT(err_.str(), HasSubstr("'a/b' is no name of a context"));
  const std::string path = *ContextsPath();
  ASSERT_TRUE(SaveContexts(path, {}).ok());
  const auto said = [&](const std::string& text) {
    std::ofstream(path) << text;
    return std::string(LoadContexts(path).status().message());
  };
  EXPECT_THAT(said("selected = \n"), HasSubstr("contexts.toml:1: "));
  EXPECT_THAT(said("[contexts.prod]\nserve = 'x'\n"),
              HasSubstr("contexts.toml:2: 'serve' is no setting of a context; there are server"));
  EXPECT_THAT(said("select = 'x'\n"), HasSubstr("unknown key 'select'"));
  EXPECT_EQ(Server({"doctor"}), "error");
  EXPECT_EQ(Server({"doctor", "--server", "a:1"}), "a:1");
}

}  // namespace
}  // namespace demarche::cli
