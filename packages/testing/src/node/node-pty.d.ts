/** The internal entry point that is used of @lydell/node-pty 1.1.0. */
declare module '@lydell/node-pty/requireBinary.js' {
  export function requireBinary(file: string): {
    open(columns: number, rows: number): { master: number; slave: number; pty: string };
  };
}
