import { type Command, cipAck, cipRxGet } from '@a7600/at-codec';

/** Commands that differ in the link alone: one of each serves all modems of a process. */
function perLink<R>(make: (link: number) => Command<R>): (link: number) => Command<R> {
  const made: Command<R>[] = [];
  return (link) => {
    made[link] ??= make(link);
    return made[link];
  };
}

/** Reads what a link has received. */
export const take = /* @__PURE__ */ perLink((link) => cipRxGet.take({ link }));
/** The same as hexadecimal digits. */
export const takeHex = /* @__PURE__ */ perLink((link) => cipRxGet.takeHex({ link }));
/** Asks how many bytes the module holds for a link. */
export const held = /* @__PURE__ */ perLink((link) => cipRxGet.held({ link }));
/** Asks how much a TCP connection has sent and received. */
export const progress = /* @__PURE__ */ perLink((link) => cipAck({ link }));
