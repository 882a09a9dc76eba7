import { AtError } from '@a7600/at-codec';
import type { Observable } from 'rxjs';
import { virtualTime } from '../../testing/test/virtual-time.js';
import { ModemError } from '../src/base/errors.js';
import type { Job, TrafficSource } from '../src/lane/job.js';
import { Writer } from '../src/sockets/writer.js';
import { bytesOf, observe, textOf } from './world.js';

/** A writer whose lane is the test: it takes the turns and says how each send ended. */
export function writerRig(taken?: () => Observable<number>) {
  const { scheduler, advance, run } = virtualTime();
  const waiting: TrafficSource[] = [];
  const down: (Error | undefined)[] = [];
  const wake = (source: TrafficSource) => {
    if (!waiting.includes(source)) waiting.push(source);
  };
  const handler = { isOurs: true, misdirected: 0 };
  const writer = new Writer({
    link: 3,
    lane: { wake },
    scheduler,
    isOurs: () => handler.isOurs,
    taken,
    onDown: (error) => down.push(error),
    onMisdirected: () => {
      handler.misdirected += 1;
    },
  });
  const write = (text: string) => observe(writer.write({ bytes: bytesOf(text) }));
  const datagram = (text: string, host?: string) =>
    observe(
      writer.write({ bytes: bytesOf(text), datagram: { to: host === undefined ? host : { host, port: 9 } } }),
    );
  let job: Job | undefined;
  /** The command that went out last. */
  const commandText = () => job?.command.text;
  /** The next chunk that goes out, if there is one. */
  const turn = () => {
    const next = waiting.shift()?.next();
    job = next ?? job;
    return next?.command.payload === undefined ? undefined : textOf([next.command.payload]);
  };
  const confirm = (confirmed: number) => {
    const requested = job?.command.payload?.length ?? 0;
    job?.settle({ ok: true, value: { requested, confirmed } });
  };
  const refuse = (number: number) => {
    const error = new AtError('SOCKET_ERROR', 'refused', { number });
    job?.settle({ ok: false, error });
    return error;
  };
  const unanswered = () => {
    const error = new ModemError('TIMEOUT', 'not answered');
    job?.settle({ ok: false, error });
  };
  const cancelled = () => job?.cancelled?.();
  const accepted = () => job?.answered?.();
  return {
    scheduler,
    advance,
    run,
    writer,
    write,
    turn,
    confirm,
    refuse,
    down,
    handler,
    cancelled,
    accepted,
    unanswered,
    datagram,
    commandText,
  };
}
