import type { LineCommand } from './command-line.js';

/** What the SDK sets itself: a user who sets the same leaves it to the SDK. */
const OURS: Readonly<Record<string, string>> = { '+CATR': '0', '+CFUN': '1', '+CSCLK': '0' };

/**
 * What the user opened or set on the module by commands of their own: it is not the SDK's to close, to give away or to
 * change.
 */
export class Foreign {
  private readonly links = new Set<number>();
  private readonly servers = new Set<number>();
  private readonly settings = new Set<string>();

  /** Notes what the commands of a line open or set. */
  note(commands: readonly LineCommand[]): void {
    for (const { name, form, values } of commands) {
      if (form !== 'set') continue;
      const [first, second] = values.map(Number);
      if (values[0] === OURS[name]) this.settings.delete(`AT${name}`);
      else this.settings.add(`AT${name}`);
      if (name === '+CIPOPEN' && first !== undefined) this.links.add(first);
      if (name === '+SERVERSTART' && second !== undefined) this.servers.add(second);
    }
  }

  /** Whether the user opened the link, or the server that accepted it. */
  hasLink({ link, server }: { readonly link: number; readonly server: number | undefined }): boolean {
    return this.links.has(link) || (server !== undefined && this.servers.has(server));
  }

  /** Whether the user set what that command sets, `AT+CFUN`. */
  hasSetting(command: string): boolean {
    return this.settings.has(command);
  }

  hasServer(server: number): boolean {
    return this.servers.has(server);
  }
}
