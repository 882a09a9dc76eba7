import { numbers } from '../urc.js';

/*
 * Results that came too late for their command, or whose command has ended. The
 * command in flight has the first claim on its own.
 */

/** `+NETOPEN: <err>`. */
export const netOpenResult = /* @__PURE__ */ numbers('+NETOPEN', '3.1.3', 'error');
/** `+NETCLOSE: <err>`. */
export const netCloseResult = /* @__PURE__ */ numbers('+NETCLOSE', '3.1.4', 'error');
/** `+CIPOPEN: <link>,<err>`. */
export const openResult = /* @__PURE__ */ numbers('+CIPOPEN', '3.2.1', 'link', 'error');
/** `+CIPCLOSE: <link>,<err>`. */
export const closeResult = /* @__PURE__ */ numbers('+CIPCLOSE', '3.2.1', 'link', 'error');
/** `+CIPSEND: <link>,<requested>,<confirmed>`. */
export const sendResult = /* @__PURE__ */ numbers('+CIPSEND', '3.2.1', 'link', 'requested', 'confirmed');
/** `+SERVERSTOP: <server>,<err>`. */
export const serverStopResult = /* @__PURE__ */ numbers('+SERVERSTOP', '3.4.1', 'server', 'error');

/** All of them. */
export const lateResults = [
  netOpenResult,
  netCloseResult,
  openResult,
  closeResult,
  sendResult,
  serverStopResult,
] as const;
