/**
 * A virtual module for each test of Vitest.
 *
 * @packageDocumentation
 * @public
 */

export { moduleFixture } from './module-fixture.js';
