// A driver in the manner of those for Arduino boards: CR LF after every command, blanks after commas,
// a receive buffer of 64 bytes, polling, and no patience: the next command goes out as soon as the
// word that it waits for is there. It knows nothing of the emulator but the device's name, and the
// process that plays the power key.
//
//   driver DEVICE PORT exchange BYTES     sends and receives that many bytes through an echo server
//   driver DEVICE PORT links              eight links at once
//   driver DEVICE PORT restart            restarts the module, and connects again
//   driver DEVICE PORT power PID          switches it off, on by SIGUSR2 to PID, and connects again
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

static unsigned long millis() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

[[noreturn]] static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

/** How long an answer is waited for: more than the module takes on a loaded machine. */
static const unsigned long TIMEOUT = 100000;

/** What an Arduino has: one byte at a time, from a buffer of 64. */
class Serial {
 public:
  explicit Serial(const char *device) {
    file = open(device, O_RDWR | O_NOCTTY);
    if (file < 0) fail("Cannot open %s.", device);
    termios settings;
    tcgetattr(file, &settings);
    cfmakeraw(&settings);
    tcsetattr(file, TCSANOW, &settings);
  }

  int read() {
    if (next == filled) {
      pollfd waiting = {file, POLLIN, 0};
      if (poll(&waiting, 1, 1) <= 0) return -1;
      const ssize_t got = ::read(file, buffer, sizeof buffer);
      if (got <= 0) return -1;
      next = 0;
      filled = got;
    }
    return buffer[next++];
  }

  void write(const char *bytes, size_t length) {
    while (length > 0) {
      const ssize_t written = ::write(file, bytes, length);
      if (written <= 0) fail("Cannot write.");
      bytes += written;
      length -= written;
    }
  }

 private:
  int file;
  unsigned char buffer[64];
  ssize_t next = 0, filled = 0;
};

class Modem {
 public:
  explicit Modem(const char *device) : serial(device) {}

  void send(const char *format, ...) {
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    serial.write("AT", 2);
    serial.write(line, length);
    serial.write("\r\n", 2);
  }

  /** Which of the words comes first, from 1; 0 when none does in time. */
  int wait(unsigned long timeout, std::vector<const char *> words) {
    std::string seen;
    const unsigned long start = millis();
    while (millis() - start < timeout) {
      const int byte = serial.read();
      if (byte < 0) continue;
      seen += static_cast<char>(byte);
      for (size_t index = 0; index < words.size(); index++) {
        const size_t length = strlen(words[index]);
        if (seen.size() >= length && seen.compare(seen.size() - length, length, words[index]) == 0) {
          last = seen;
          return index + 1;
        }
      }
    }
    last = seen;
    return 0;
  }

  bool ok(unsigned long timeout = TIMEOUT) { return wait(timeout, {"OK\r\n", "ERROR\r\n"}) == 1; }

  void must(const char *command) {
    send("%s", command);
    if (!ok()) fail("AT%s was answered: %s", command, last.c_str());
  }

  /** Polls until the module answers. The answers to earlier questions may come late, but before that to the last one. */
  void begin() {
    for (const unsigned long start = millis(); millis() - start < TIMEOUT;) {
      send("");
      if (wait(200, {"OK\r\n"}) != 1) continue;
      send("+CGMM");
      if (wait(TIMEOUT, {"A7672"}) != 1 || !ok()) fail("No model: %s", last.c_str());
      must("E0");
      return;
    }
    fail("The module does not answer.");
  }

  /** Polls the registration, as drivers do. */
  void waitForNetwork() {
    for (const unsigned long start = millis(); millis() - start < TIMEOUT;) {
      send("+CREG?");
      const int found = wait(TIMEOUT, {"+CREG: 0,1", "+CREG: 0,5", "OK\r\n"});
      if (found == 1 || found == 2) {
        ok();
        return;
      }
      usleep(100000);
    }
    fail("The module is not registered.");
  }

  void openNetwork() {
    must("+CIPRXGET=1");
    send("+NETOPEN");
    if (wait(TIMEOUT, {"+NETOPEN: 0", "ERROR"}) != 1) fail("NETOPEN: %s", last.c_str());
  }

  void connect(int link, int port) {
    send("+CIPOPEN=%d, \"TCP\", \"127.0.0.1\", %d", link, port);
    char opened[24];
    snprintf(opened, sizeof opened, "+CIPOPEN: %d,0\r\n", link);
    if (wait(TIMEOUT, {opened, "ERROR"}) != 1) fail("CIPOPEN: %s", last.c_str());
  }

  /** Sends bytes; returns how many the module took. */
  int put(int link, const char *bytes, int length) {
    send("+CIPSEND=%d, %d", link, length);
    if (wait(TIMEOUT, {">", "ERROR\r\n"}) != 1) fail("No prompt: %s", last.c_str());
    serial.write(bytes, length);
    if (wait(TIMEOUT, {"+CIPSEND: "}) != 1) fail("No result of a send: %s", last.c_str());
    number(',');
    number(',');
    return number('\r');
  }

  int available(int link) {
    send("+CIPRXGET=4, %d", link);
    if (wait(TIMEOUT, {"+CIPRXGET: 4,", "ERROR\r\n"}) != 1) fail("No count: %s", last.c_str());
    number(',');
    const int count = number('\r');
    ok();
    return count;
  }

  /** Reads up to `most` bytes to the end of `into`. */
  int get(int link, int most, std::string &into) {
    send("+CIPRXGET=2, %d, %d", link, most);
    if (wait(TIMEOUT, {"+CIPRXGET: 2,", "ERROR\r\n"}) != 1) fail("No data: %s", last.c_str());
    number(',');
    const int count = number(',');
    number('\n');
    for (int left = count; left > 0;) {
      const int byte = serial.read();
      if (byte < 0) continue;
      into += static_cast<char>(byte);
      left--;
    }
    if (!ok()) fail("No OK after data.");
    return count;
  }

  /** Reads whatever comes, until nothing has come for that time. */
  void drain(unsigned long silence) {
    for (unsigned long heard = millis(); millis() - heard < silence;) {
      if (serial.read() >= 0) heard = millis();
    }
  }

 private:
  int number(char end) {
    std::string digits;
    for (const unsigned long start = millis(); millis() - start < TIMEOUT;) {
      const int byte = serial.read();
      if (byte == end) return atoi(digits.c_str());
      if (byte >= 0) digits += static_cast<char>(byte);
    }
    fail("A number has no end: %s", digits.c_str());
  }

  Serial serial;

 public:
  std::string last;
};

static char patternAt(long at) { return static_cast<char>((at * 7 + (at >> 8)) & 255); }

/** Sends bytes and reads their echo, no more than 16 kB ahead. */
static void exchange(Modem &modem, int link, long total) {
  long sent = 0, received = 0;
  std::string heard;
  char chunk[1024];
  while (received < total) {
    if (sent < total && sent - received < 16384) {
      const int length = static_cast<int>(total - sent < 1024 ? total - sent : 1024);
      for (int at = 0; at < length; at++) chunk[at] = patternAt(sent + at);
      sent += modem.put(link, chunk, length);
    }
    if (modem.available(link) == 0) continue;
    heard.clear();
    modem.get(link, 1024, heard);
    for (const char byte : heard) {
      if (byte != patternAt(received)) fail("Byte %ld is wrong.", received);
      received++;
    }
  }
  printf("link %d: %ld bytes there and back\n", link, received);
}

static void online(Modem &modem) {
  modem.begin();
  modem.waitForNetwork();
  modem.openNetwork();
}

int main(int count, char **arguments) {
  if (count < 4) fail("driver DEVICE PORT exchange|links|restart|power [...]");
  setvbuf(stdout, nullptr, _IOLBF, 0);
  Modem modem(arguments[1]);
  const int port = atoi(arguments[2]);
  const std::string what = arguments[3];
  online(modem);
  if (what == "exchange") {
    modem.connect(0, port);
    exchange(modem, 0, atol(arguments[4]));
  } else if (what == "links") {
    for (int link = 0; link < 8; link++) modem.connect(link, port);
    for (int round = 0; round < 4; round++) {
      for (int link = 0; link < 8; link++) exchange(modem, link, 100 * (link + 1));
    }
    for (int link = 0; link < 8; link++) {
      modem.send("+CIPCLOSE=%d", link);
      if (!modem.ok()) fail("CIPCLOSE: %s", modem.last.c_str());
    }
  } else if (what == "restart") {
    modem.connect(0, port);
    modem.must("+CRESET");
    modem.drain(3000);
    online(modem);
    modem.connect(0, port);
    exchange(modem, 0, 1000);
  } else if (what == "power") {
    modem.must("+CPOF");
    if (modem.wait(TIMEOUT, {"NORMAL POWER DOWN\r\n"}) != 1) fail("It does not say that it is off.");
    modem.send("");
    if (modem.wait(1000, {"OK"}) != 0) fail("It answers although it is off.");
    kill(atoi(arguments[4]), SIGUSR2);
    online(modem);
    modem.connect(0, port);
    exchange(modem, 0, 1000);
  } else {
    fail("What is \"%s\"?", what.c_str());
  }
  puts("done");
  return 0;
}
