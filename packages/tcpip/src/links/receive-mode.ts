/**
 * How received bytes come from the module.
 *
 * - `buffer`: they stay there until they are read (`AT+CIPRXGET=2`), so that a slow consumer holds
 *   the peer back.
 * - `hex`: the same as hexadecimal digits (`AT+CIPRXGET=3`), for lines that do not carry every byte.
 * - `push`: they come by themselves, which saves a command for each piece, and cannot be held back.
 */
export type ReceiveMode = 'buffer' | 'hex' | 'push';
