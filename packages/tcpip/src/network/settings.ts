import {
  cgdcont,
  cipCcfg,
  cipHead,
  cipMode,
  cipRxGet,
  cipSrip,
  type PdpType,
  type SocketConfiguration,
} from '@a7600/at-codec';
import type { Setting } from '../lane/setting.js';

/** The PDP context that the socket service uses. */
export interface Context {
  readonly apn: string;
  readonly type: PdpType;
}

/** The context of the socket service (application note, 3.1.2). */
export const CID = 1;

/** Whether received bytes stay in the module until they are read. */
export const BUFFERED: Setting<boolean> = {
  name: 'AT+CIPRXGET',
  read: cipRxGet.read(),
  write: (buffered) => cipRxGet({ buffered }),
  same: Object.is,
};

/** Whether pushed data has a line with its length in front. */
export const HEADERS: Setting<boolean> = {
  name: 'AT+CIPHEAD',
  read: cipHead.read(),
  write: (on) => cipHead({ on }),
  same: Object.is,
};

/** Whether pushed data has a line with its sender in front. */
export const SENDERS: Setting<boolean> = {
  name: 'AT+CIPSRIP',
  read: cipSrip.read(),
  write: (on) => cipSrip({ on }),
  same: Object.is,
};

/** Whether link 0 is transparent; only a network that is opened afterwards heeds it. */
export const TRANSPARENT: Setting<boolean> = {
  name: 'AT+CIPMODE',
  read: cipMode.read(),
  write: (transparent) => cipMode({ transparent }),
  same: Object.is,
};

/** How sockets behave; only a network that is opened afterwards heeds all of it. */
export const CONFIGURATION: Setting<SocketConfiguration> = {
  name: 'AT+CIPCCFG',
  read: cipCcfg.read(),
  write: (configuration) => cipCcfg(configuration),
  same: (one, other) =>
    (Object.keys(other) as (keyof SocketConfiguration)[]).every((key) => one[key] === other[key]),
};

/** The PDP context; only a network that is opened afterwards uses it. APNs are compared without regard to case. */
export const CONTEXT: Setting<Context | undefined> = {
  name: 'AT+CGDCONT',
  read: readContext(),
  write: (context) => cgdcont({ cid: CID, ...(context as Context) }),
  same: (one, other) => one?.type === other?.type && one?.apn.toLowerCase() === other?.apn.toLowerCase(),
};

/** Settings that a running network keeps until it is opened again; undefined where the firmware does not report it. */
export interface CurrentSettings {
  readonly context: Context | undefined;
  readonly transparent: boolean | undefined;
  readonly configuration: SocketConfiguration | undefined;
}

function readContext(): Setting<Context | undefined>['read'] {
  const all = cgdcont.read();
  return {
    ...all,
    read: (answer) => {
      const context = all.read(answer).find(({ cid }) => cid === CID);
      return context && { apn: context.apn, type: context.type as PdpType };
    },
  };
}
