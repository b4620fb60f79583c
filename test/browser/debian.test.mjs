import { debian } from './lib/flavours.mjs';
import { describeFlavour, describePassword } from './lib/scenarios.mjs';

describeFlavour(debian);
describePassword(debian);
