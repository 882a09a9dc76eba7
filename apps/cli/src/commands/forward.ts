import { type Command, InvalidArgumentError } from 'commander';
import { defer, switchMap, take } from 'rxjs';
import { UsageError } from '../exit-code.js';
import { type Forwarding, forward as forwardRule } from '../forward/forward.js';
import { exposure, type ForwardRule, parseRule } from '../forward/rule.js';
import { explained } from '../running/listening.js';
import { addRunningOptions, whileOnline } from '../running/long-running.js';
import { task } from '../running/task.js';
import type { Subcommand } from '../subcommand.js';
import { listenError } from '../tunnel/listen-error.js';

/** Forwards single ports through the modem, as ssh does. */
export const forward: Subcommand = {
  notes: `Examples:
  a7600 forward -L 5432:db.example.com:5432
  psql -h 127.0.0.1
  a7600 forward -R 8080:127.0.0.1:80`,
  connects: true,
  endsBySignal: true,
  define: (command) =>
    addRunningOptions(command)
      .option(
        '-L <rule>',
        '[BIND:]PORT:HOST:HOSTPORT: connections to PORT of this computer go out to HOST',
        rules('local'),
      )
      .option(
        '-R <rule>',
        'PORT:HOST:HOSTPORT: connections to PORT of the module come in to HOST',
        rules('remote'),
      )
      .option('--expose', 'permit rules that let others beyond this computer in') as Command,
  run: (call) =>
    defer(() => {
      const { L: local = [], R: remote = [], expose = false } = call.options as unknown as Options;
      const wanted = [...local, ...remote];
      if (wanted.length === 0) throw new UsageError('Give at least one -L or -R.');
      for (const rule of wanted) {
        const danger = exposure(rule);
        if (danger !== undefined && !expose)
          throw new UsageError(`${danger} If that is wanted, add --expose.`);
      }
      const { connection, console } = call;
      return whileOnline(call, ({ source }) =>
        source.pipe(
          take(1),
          switchMap(({ address }) =>
            task(async (signal) => {
              const open: Forwarding[] = [];
              signal.addEventListener('abort', () => {
                for (const forwarding of open) forwarding.close();
              });
              for (const rule of wanted) {
                const report = (_: ForwardRule, error?: Error) => {
                  if (error !== undefined) console.tell(`${described(rule, address)}: ${error.message}`);
                };
                const started = await forwardRule(rule, source, report, connection.reach).catch(
                  (error: Error) => {
                    const at = { host: rule.bind, port: rule.port };
                    throw rule.kind === 'local' ? explained(error, at, '-L') : listenError(error, rule.port);
                  },
                );
                if (signal.aborted) started.close();
                open.push(started);
                console.print(`${described(rule, address)}.`);
                console.value({ ...rule, bind: rule.kind === 'local' ? rule.bind : address });
              }
              console.print('Ctrl-C ends it.');
              await new Promise<never>(() => {});
            }),
          ),
        ),
      );
    }),
};

interface Options {
  readonly L?: readonly ForwardRule[];
  readonly R?: readonly ForwardRule[];
  readonly expose?: boolean;
}

function rules(kind: ForwardRule['kind']) {
  return (value: string, before: readonly ForwardRule[] = []): readonly ForwardRule[] => {
    try {
      return [...before, parseRule(kind, value)];
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

function described({ kind, bind, port, host, hostPort }: ForwardRule, address: string): string {
  return `${kind === 'local' ? bind : address}:${port} leads to ${host}:${hostPort}`;
}
