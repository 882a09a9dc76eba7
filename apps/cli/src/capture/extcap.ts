import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { LinkType } from '@a7600/diagnostics/capture';
import { writeGiven } from '../given-file.js';

/**
 * What Wireshark has set: the pipe into which it wants a capture, or the process that it captures.
 *
 * @param name the name of the argument
 * @param args the arguments that it gives an extcap program (its `doc/README.extcap`)
 * @returns the value; undefined where it is not given, or empty
 */
export function argumentOf(name: '--fifo' | '--pid', args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  const value = args[at] === name ? args[at + 1] : args[at]?.slice(name.length + 1);
  return value === '' ? undefined : value;
}

/**
 * Installs the program that Wireshark finds and starts. It answers questions by itself, because Wireshark asks them
 * whenever it starts.
 *
 * @param command the command line that starts this program, of which the last word is its absolute path
 * @param home the home folder of the user
 * @returns where it was installed
 * @throws {UsageError} if it cannot be written
 */
export function installExtcap(command: readonly string[], home = homedir()): string {
  const folder = join(home, '.config', 'wireshark', 'extcap');
  const path = join(folder, 'a7600');
  writeGiven('--install-extcap', path, () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, script(command));
    chmodSync(path, 0o755);
  });
  return path;
}

function script(command: readonly string[]): string {
  const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  return `#!/bin/sh
case " $* " in
*" --capture "*)
  # Wireshark starts it in a folder of its own, where the packages of the program are not found.
  cd ${quoted(dirname(command.at(-1) ?? ''))} || exit 1
  exec ${command.map(quoted).join(' ')} capture --extcap -- "$@"
  ;;
*" --extcap-interfaces "*)
  echo 'extcap {version=0.1}{display=a7600}'
  echo 'interface {value=a7600}{display=A7600 modem: AT commands and links of the running program}'
  ;;
*" --extcap-config "*)
  echo 'arg {number=0}{call=--pid}{display=Process}{type=string}{tooltip=Id of the a7600 process; without it, the one that opened a modem last}'
  ;;
*" --extcap-dlts "*)
  echo 'dlt {number=${LinkType.upperPdu}}{name=WIRESHARK_UPPER_PDU}{display=AT commands}'
  ;;
esac
`;
}
