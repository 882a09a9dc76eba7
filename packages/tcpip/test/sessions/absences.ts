import type { World } from '../world.js';

type Happening = (w: World, ms: number) => void;

const otherProgram =
  (...lines: readonly string[]): Happening =>
  ({ module: { control } }) => {
    for (const line of lines) control.otherProgram(line);
  };

/** What goes away, or changes, and no line says so. */
export const ABSENCES = {
  'the module dies': ({ module: { control } }) => control.powerOff(),
  'the module restarts': ({ module: { control } }) => control.restart({ silently: true }),
  'the module restarts again and again': ({ module: { control }, scheduler }, ms) => {
    scheduler.schedule(control.restartRepeatedly(), ms);
  },
  'the network is lost': ({ module: { control } }) => control.loseNetwork(),
  'nothing passes': ({ module: { control } }, ms) => control.stallBearer(ms),
  'the port comes back under another name': ({ module: { control }, scheduler }, ms) => {
    control.losePort();
    scheduler.schedule(() => control.plug(), ms);
  },
  'the server is stopped': otherProgram('AT+SERVERSTOP=0'),
  'the server gets another port': otherProgram('AT+SERVERSTOP=0', 'AT+SERVERSTART=8080,0'),
  'a link gets another use': otherProgram('AT+CIPCLOSE=0', 'AT+CIPOPEN=0,"UDP",,,6000'),
  'the network is closed': otherProgram('AT+NETCLOSE'),
  'data is pushed': otherProgram('AT+CIPRXGET=0'),
  'the network gets the other mode': (w, ms) => {
    const isTransparent = w.trace.some((entry) => entry.kind === 'command' && entry.text === 'AT+CIPMODE=1');
    otherProgram('AT+NETCLOSE', `AT+CIPMODE=${isTransparent ? 0 : 1}`, 'AT+NETOPEN')(w, ms);
  },
  'the module may sleep': otherProgram('AT+CSCLK=1'),
  'the sockets are set': otherProgram('AT+CIPCCFG=3,0,0,0,0,0,900'),
  'the mode is set': otherProgram('AT+CIPMODE=1'),
  'reports go elsewhere': otherProgram('AT+CATR=3'),
  'reports come late': otherProgram('AT+CURCD=500'),
} satisfies Record<string, Happening>;
export type Absence = keyof typeof ABSENCES;
