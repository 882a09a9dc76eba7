import { testProperties } from '../test/properties/sessions.js';

testProperties('users:');
