#include "tests/bench/stream_child.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <utility>

namespace demarche::bench {

Child Child::Role(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "/proc/self/exe");
  Child child(std::move(arguments));
  child.is_role_ = true;
  return child;
}

Child::Child(std::vector<std::string> command) {
  int to_child[2];
  int from_child[2];
  if (pipe2(to_child, O_CLOEXEC) != 0 || pipe2(from_child, O_CLOEXEC) != 0) std::abort();
  std::vector<char*> words;
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(to_child[0], STDIN_FILENO);
    dup2(from_child[1], STDOUT_FILENO);
    execvp(words[0], words.data());
    _exit(127);
  }
  close(to_child[0]);
  close(from_child[1]);
  in_ = fdopen(to_child[1], "w");
  out_ = fdopen(from_child[0], "r");
}

Child::Child(Child&& other) noexcept
    : is_role_(other.is_role_),
      pid_(std::exchange(other.pid_, -1)),
      in_(std::exchange(other.in_, nullptr)),
      out_(std::exchange(other.out_, nullptr)) {}

Child::~Child() {
  if (pid_ <= 0) return;
  fclose(in_);  // ends a role
  if (!is_role_) kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  fclose(out_);
}

void Child::Tell(const std::string& line) {
  std::fprintf(in_, "%s\n", line.c_str());
  std::fflush(in_);
}

std::string Child::Hear() {
  char line[4096];
  if (std::fgets(line, sizeof line, out_) == nullptr) {
    std::cerr << "a process of the benchmark has ended\n";
    std::exit(1);
  }
  std::string text = line;
  text.pop_back();
  return text;
}

double Child::cpu_seconds() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

uint64_t Child::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  uint64_t size = 0;
  uint64_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

std::vector<std::string> NextCommand() {
  std::string line;
  if (!std::getline(std::cin, line)) return {};
  std::istringstream words(line);
  return {std::istream_iterator<std::string>(words), {}};
}

void Answer(const std::string& line) { std::cout << line << std::endl; }

double Now() { return static_cast<double>(NowNs()) * 1e-9; }

int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string Percentiles(const std::vector<std::vector<int64_t>>& times_ns) {
  std::vector<int64_t> all;
  for (const auto& times : times_ns)
    all.insert(all.end(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 10), times.end());
  std::sort(all.begin(), all.end());
  return std::to_string(static_cast<double>(all[all.size() / 2]) / 1000) + " " +
         std::to_string(static_cast<double>(all[all.size() * 99 / 100]) / 1000);
}

}  // namespace demarche::bench
