import { type Command, command, commandLine, integer, oneOf, quoted, secret } from '@a7600/at-codec';

/** User name and password for an access point. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** `<auth_type>` of `AT+CGAUTH`: what providers that want a password use today. */
const CHAP = 2;

/** `+CGAUTH`: how the module identifies itself to the access point. The password stands before the name. */
export function cgauth({ user, password }: Login): Command<void> {
  return command(
    commandLine('+CGAUTH', [
      integer('cid', 1, 1, 15),
      oneOf('type', CHAP, [CHAP]),
      secret(quoted('password', password, 50, true)),
      secret(quoted('user', user, 50, true)),
    ]),
  );
}
