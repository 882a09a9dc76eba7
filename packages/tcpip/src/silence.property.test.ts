import { testProperties } from '../test/properties/sessions.js';

testProperties('silence:');
