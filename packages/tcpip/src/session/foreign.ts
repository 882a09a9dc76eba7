/** What the user opened on the module by commands of their own: it is not the SDK's to close or to give away. */
export class Foreign {
  private readonly links = new Set<number>();
  private readonly servers = new Set<number>();

  /** Notes what a command line opens. */
  note(text: string): void {
    for (const [, link] of text.matchAll(/\+CIPOPEN=(\d)/gi)) this.links.add(Number(link));
    for (const [, server] of text.matchAll(/\+SERVERSTART=\d+,(\d)/gi)) this.servers.add(Number(server));
  }

  /** Whether the user opened the link, or the server that accepted it. */
  hasLink({ link, server }: { readonly link: number; readonly server: number | undefined }): boolean {
    return this.links.has(link) || (server !== undefined && this.servers.has(server));
  }

  hasServer(server: number): boolean {
    return this.servers.has(server);
  }
}
