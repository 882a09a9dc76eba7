import { a76xx, emulator } from '@a7600/testing';

/** A firmware that announces each arrival, and sends a NUL when it starts. */
export const chatty = emulator({ profile: { ...a76xx, notifies: 'each arrival', startsWithNul: true } });
