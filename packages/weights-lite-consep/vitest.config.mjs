import { packageTestConfig } from '../../tools/vitest.shared.mjs';

export default packageTestConfig('weights-lite-consep');
