/**
 * The configuration of a nats-server for a fleet: users, roles, and what is known about versions of the server.
 *
 * @packageDocumentation
 * @experimental
 */

export type { ServerConfigurationOptions, ServerUser, TlsFiles } from './configuration.js';
export { serverConfiguration } from './configuration.js';
export type { HomeUser, HomeUsers } from './home-account.js';
export { inboxPrefixOf } from './permissions.js';
export { serverAdvice } from './version.js';
