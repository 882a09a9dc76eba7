/**
 * How received bytes come from the module.
 *
 * - `buffer`: buffer access. The module keeps them until the SDK reads them (`AT+CIPRXGET=2`), so that a slow
 *   consumer holds the peer back.
 * - `hex`: the same as hexadecimal digits (`AT+CIPRXGET=3`), for lines that do not carry every byte.
 * - `push`: direct push. The module sends them at once, which saves a command for each block; they cannot be
 *   held back.
 */
export type ReceiveMode = 'buffer' | 'hex' | 'push';
