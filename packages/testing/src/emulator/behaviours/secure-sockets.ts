import type { Behaviour, Handler } from '../at/behaviour.js';
import { ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import {
  announced,
  CCH_ERR,
  SECURED,
  type SecureSession,
  secureServiceOf,
} from '../services/secure-sessions.js';

const SLOW = 120_000;
/** Most bytes of one `AT+CCHSEND`. */
const MAX_SEND = 2048;

/** The module's own TLS connections (AT command manual, 19.2.5 to 19.2.15). */
export const secureSockets: readonly Behaviour[] = [
  {
    command: '+CCHSET',
    maxTime: SLOW,
    test: () => ok('+CCHSET: (0,1),(0,1)'),
    read: (_, module) => {
      const { reportsSends, manual } = secureServiceOf(module);
      return ok(`+CCHSET: ${reportsSends ? 1 : 0},${manual ? 1 : 0}`);
    },
    write: ({ values: [reports, mode] }, module) => {
      const service = secureServiceOf(module);
      const first = number(reports, 0, 1);
      const second = optional(mode, 0, 1, service.manual ? 1 : 0);
      if (first === undefined || second === undefined || service.started) return refuse();
      service.reportsSends = first === 1;
      service.manual = second === 1;
      return ok();
    },
  },
  {
    // Transparent mode is not emulated here: it is refused, and sockets have one of their own.
    command: '+CCHMODE',
    maxTime: SLOW,
    test: () => ok('+CCHMODE: (0,1)'),
    read: () => ok('+CCHMODE: 0'),
    write: ({ values: [mode] }) => (mode === '0' ? ok() : refuse()),
  },
  {
    command: '+CCHSTART',
    maxTime: SLOW,
    execute: (_, module) => {
      const service = secureServiceOf(module);
      if (service.started || !module.radio.bearer) return refuse();
      service.started = true;
      return okThen(() => module.conclude('+CCHSTART: 0'));
    },
  },
  {
    command: '+CCHSTOP',
    maxTime: SLOW,
    execute: (_, module) => {
      const service = secureServiceOf(module);
      if (!service.started) return refuse();
      return okThen(() => {
        service.forget();
        module.conclude('+CCHSTOP: 0');
      });
    },
  },
  {
    command: '+CCHADDR',
    execute: (_, module) =>
      secureServiceOf(module).started ? ok(`+CCHADDR: ${module.network.address}`) : refuse(),
  },
  {
    command: '+CCHSSLCFG',
    maxTime: SLOW,
    test: () => ok('+CCHSSLCFG: (0,1),(0-9)'),
    read: (_, module) =>
      ok(
        ...secureServiceOf(module).sessions.map(
          ({ sslContext }, id) => `+CCHSSLCFG: ${id},${sslContext ?? ''}`,
        ),
      ),
    write: onSession((session, _, [, contextText]) => {
      const context = number(contextText, 0, 9);
      if (context === undefined) return refuse();
      session.sslContext = context;
      return ok();
    }),
  },
  {
    command: '+CCHCFG',
    maxTime: SLOW,
    test: () => ok('+CCHCFG: "sendtimeout",(0,1),(60-150)', '+CCHCFG: "sslctx",(0,1),(0-9)'),
    read: (_, module) =>
      ok(
        ...secureServiceOf(module).sessions.map(
          ({ sendTime, sslContext }, id) => `+CCHCFG: ${id},${sendTime},${sslContext ?? id}`,
        ),
      ),
    write: ({ values: [name = '', idText, value] }, module) => {
      const session = secureServiceOf(module).sessions[number(idText, 0, 1) as 0];
      const time = number(value, 60, 150);
      const context = number(value, 0, 9);
      if (session === undefined) return refuse();
      if (name.toLowerCase() === 'sendtimeout' && time !== undefined) session.sendTime = time;
      else if (name.toLowerCase() === 'sslctx' && context !== undefined) session.sslContext = context;
      else return refuse();
      return ok();
    },
  },
  {
    command: '+CCHOPEN',
    maxTime: SLOW,
    test: () => ok('+CCHOPEN: (0,1),"ADDRESS",(1-65535)[,(1-2)[,(1-65535)]]'),
    read: (_, module) =>
      ok(
        ...secureServiceOf(module).sessions.map(({ remote }, id) =>
          remote === undefined
            ? `+CCHOPEN: ${id},"",,,`
            : `+CCHOPEN: ${id},"${remote.host}",${remote.port},${remote.type},`,
        ),
      ),
    write: onSession(open),
  },
  {
    command: '+CCHCLOSE',
    maxTime: SLOW,
    write: onSession((session, module, [id]) => {
      if (!session.isOpen) return refuse();
      return okThen(() => {
        session.close();
        module.conclude(`+CCHCLOSE: ${id},${CCH_ERR.ok}`);
      });
    }),
  },
  {
    command: '+CCHSEND',
    maxTime: SLOW,
    test: () => ok(`+CCHSEND: (0,1),(1-${MAX_SEND})`),
    // What is sent is with the network at once.
    read: () => ok('+CCHSEND: 0,0,1,0'),
    write: onSession((session, module, [id, sizeText]) => {
      const size = number(sizeText, 1, MAX_SEND);
      if (size === undefined || !session.isOpen) return refuse();
      return {
        prompt: size,
        take: (bytes) => {
          const { reportsSends } = secureServiceOf(module);
          return okThen(() =>
            session.send(bytes.slice(), module, (err) => {
              if (reportsSends || err !== CCH_ERR.ok) module.conclude(`+CCHSEND: ${id},${err}`);
            }),
          );
        },
      };
    }),
  },
  {
    command: '+CCHRECV',
    maxTime: SLOW,
    read: (_, module) =>
      ok(
        `+CCHRECV: LEN,${secureServiceOf(module)
          .sessions.map(({ cached }) => cached)
          .join()}`,
      ),
    write: onSession((session, module, [id, mostText]) => {
      const most = optional(mostText, 0, MAX_SEND, 0);
      if (most === undefined || session.cached === 0) return refuse(`+CCHRECV: ${id},${CCH_ERR.invalid}`);
      return okThen(() => {
        for (const chunk of session.take(most)) module.conclude(announced(Number(id), chunk));
        module.conclude(`+CCHRECV: ${id},${CCH_ERR.ok}`);
      });
    }),
  },
];

/** A command about session 0 or 1, while the service is started. */
function onSession(
  work: (session: SecureSession, module: Module, values: readonly string[]) => Reply,
): Handler {
  return ({ values }, module) => {
    const { started, sessions } = secureServiceOf(module);
    const session = sessions[number(values[0], 0, 1) as 0];
    return !started || session === undefined ? refuse() : work(session, module, values);
  };
}

function open(
  session: SecureSession,
  module: Module,
  [id, host = '', portText, typeText, local]: readonly string[],
): Reply {
  const port = number(portText, 1, 65_535);
  const type = optional(typeText, 1, SECURED, SECURED);
  if (host === '' || host.length > 256 || port === undefined || type === undefined) return refuse();
  if (optional(local, 1, 65_535, 1) === undefined || !session.isFree) return refuse();
  const manual = () => secureServiceOf(module).manual;
  return okThen(() =>
    session.open({ host, port }, type, manual, module, (err) => module.conclude(`+CCHOPEN: ${id},${err}`)),
  );
}
