/** Reserved names and addresses: RFC 2606, RFC 6761, RFC 5737, RFC 3849, and those of each computer itself. */
const RESERVED =
  /^(?:localhost|(?:[\w-]+\.)*example(?:\.(?:com|net|org))?|127(?:\.\d{1,3}){3}|(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}|::1|2001:db8:[\da-f:]*)$/i;

/**
 * A host as everybody may see it. What is sent about it keeps its length and form, so that a recording of that can be
 * examined.
 *
 * @param host a name or an address
 * @param known addresses that are public, too
 * @returns the same for a reserved one; otherwise `x` for each character of a name, `0` for each digit of an address
 */
export function publicHost(host: string, ...known: readonly string[]): string {
  if (RESERVED.test(host) || known.includes(host)) return host;
  const isAddress = /^[\d.]+$|:/.test(host);
  return isAddress ? host.replaceAll(/[\da-f]/gi, '0') : host.replaceAll(/[^.]/g, 'x');
}
