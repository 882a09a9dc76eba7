import type { Behaviour, Handler } from '../at/behaviour.js';
import { ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import { textOf } from '../services/bytes.js';
import { type HttpParameters, HttpSession, httpOf, parseUrl } from '../services/http.js';
import { fileSystemOf } from './files.js';

const SLOW = 120_000;

/** `<method>` of `AT+HTTPACTION`. */
const METHODS = ['GET', 'POST', 'HEAD', 'DELETE', 'PUT'];

/** Most bytes of `AT+HTTPDATA` (AT command manual, 16.2.7). */
const MAX_BODY = 153_600;

type Parameter = readonly [key: keyof HttpParameters, read: (text: string) => string | number | undefined];

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  URL: ['url', (text) => (parseUrl(text) === undefined ? undefined : text)],
  CONNECTTO: ['connectTimeout', (text) => number(text, 20, 120)],
  RECVTO: ['receiveTimeout', (text) => number(text, 2, 120)],
  RESPTO: ['responseTimeout', (text) => number(text, 2, 120)],
  BREAK: ['rangeStart', (text) => number(text, 0, 2_147_483_647)],
  BREAKEND: ['rangeEnd', (text) => number(text, 0, 2_147_483_647)],
  CONTENT: ['contentType', upTo256],
  ACCEPT: ['accept', upTo256],
  SSLCFG: ['sslContext', (text) => number(text, 0, 9)],
  USERDATA: ['userData', upTo256],
  READMODE: ['readMode', (text) => number(text, 0, 1)],
};

/** The module's own HTTP client (AT command manual, 16). */
export const http: readonly Behaviour[] = [
  {
    command: '+HTTPINIT',
    maxTime: SLOW,
    test: () => ok(),
    execute: (_, module) => {
      if (httpOf(module).session !== undefined || !module.radio.bearer) return refuse();
      httpOf(module).session = new HttpSession();
      return ok();
    },
  },
  {
    command: '+HTTPTERM',
    maxTime: SLOW,
    test: () => ok(),
    execute: inSession((_, module) => {
      httpOf(module).session = undefined;
      return ok();
    }),
  },
  {
    command: '+HTTPPARA',
    maxTime: SLOW,
    test: () => ok(),
    write: inSession(({ parameters }, _, [name = '', ...rest]) => {
      const [key, read] = PARAMETERS[name.toUpperCase()] ?? [];
      const value = read?.(rest.join());
      if (key === undefined || value === undefined) return refuse();
      Object.assign(parameters, { [key]: value });
      return ok();
    }),
  },
  {
    command: '+HTTPACTION',
    maxTime: SLOW,
    test: () => ok('+HTTPACTION: (0-4)'),
    write: inSession((session, module, [methodText]) => {
      const method = METHODS[number(methodText, 0, METHODS.length - 1) ?? -1];
      if (method === undefined || session.busy || session.parameters.url === '') return refuse();
      return okThen(() => {
        const result$ = session.perform(method, module);
        module.clock.keep(
          result$.subscribe(({ status, length }) => {
            module.conclude(`+HTTPACTION: ${methodText},${status},${length}`);
          }),
        );
      });
    }),
  },
  {
    command: '+HTTPPOSTFILE',
    maxTime: SLOW,
    test: () => ok('+HTTPPOSTFILE: <filename>[,(1-2)[,(0-3)[,(0-1)]]]'),
    write: inSession(postFile),
  },
  {
    command: '+HTTPHEAD',
    maxTime: SLOW,
    test: () => ok(),
    execute: inSession(({ response }, module) => {
      if (response === undefined) return refuse();
      return ok(`+HTTPHEAD: ${dataMark(module)}${response.head.length}`, response.head);
    }),
  },
  {
    command: '+HTTPREAD',
    maxTime: SLOW,
    test: () => ok(),
    read: inSession(({ response }) =>
      response === undefined ? refuse() : ok(`+HTTPREAD: LEN,${response.body.length}`),
    ),
    write: inSession(read),
  },
  {
    command: '+HTTPDATA',
    maxTime: SLOW,
    test: () => ok(),
    write: inSession((session, _, [sizeText, timeText]) => {
      const size = number(sizeText, 1, MAX_BODY);
      const time = number(timeText, 10, 65_535);
      if (size === undefined || time === undefined) return refuse();
      return {
        prompt: size,
        asks: 'DOWNLOAD\r\n',
        limit: time * 1000,
        take: (bytes) => {
          session.body = bytes.slice();
          return ok();
        },
      };
    }),
  },
];

/** Without a session everything is refused. */
function inSession(
  work: (session: HttpSession, module: Module, values: readonly string[]) => Reply,
): Handler {
  return ({ values }, module) => {
    const { session } = httpOf(module);
    return session === undefined ? refuse() : work(session, module, values);
  };
}

/** Sends a file as the body of a request, or as the whole of it (AT command manual, 16.2.9). */
function postFile(
  session: HttpSession,
  module: Module,
  [name = '', pathText, methodText, headerText]: readonly string[],
): Reply {
  const method = METHODS[optional(methodText, 0, 3, 1) ?? -1];
  const whole = optional(headerText, 0, 1, 0);
  const { files } = fileSystemOf(module);
  const file = optional(pathText, 1, 2, 1) === 1 ? files.get(name) : undefined;
  if (method === undefined || whole === undefined || file === undefined) return refuse();
  if (session.busy || session.parameters.url === '') return refuse();
  session.body = file.slice();
  return okThen(() => {
    const result$ = session.perform(method, module, whole === 1 ? file : undefined);
    module.clock.keep(
      result$.subscribe(({ status, length }) => {
        const outcome = module.profile.family === 'a76xx' ? [METHODS.indexOf(method), status] : [status];
        module.conclude(`+HTTPPOSTFILE: ${[...outcome, length].join()}`);
      }),
    );
  });
}

/** `OK`, then the data between a header and a line that ends it. */
function read(session: HttpSession, module: Module, values: readonly string[]): Reply {
  const { response, parameters } = session;
  const [first, second] = values.map((value) => number(value, 0, 10_000_000));
  const size = values.length === 1 ? first : second;
  if (response === undefined || size === undefined || first === undefined || size === 0) return refuse();
  const from = values.length === 1 ? session.position : first;
  if (from >= response.body.length) return refuse();
  const part = response.body.subarray(from, from + size);
  if (parameters.readMode === 0) session.position = from + part.length;
  return okThen(() => {
    const data = textOf(part);
    module.conclude(`+HTTPREAD: ${dataMark(module)}${part.length}\r\n${data}`, () =>
      module.conclude('+HTTPREAD: 0'),
    );
  });
}

/** SIM7600 prints `+HTTPREAD: DATA,142` (field notes 6). */
function dataMark({ profile }: Module): string {
  return profile.family === 'sim7600' ? 'DATA,' : '';
}

function upTo256(text: string): string | undefined {
  return text.length >= 1 && text.length <= 256 ? text : undefined;
}
