import { lite } from './lib/flavours.mjs';
import { describeFlavour, describePassword } from './lib/scenarios.mjs';

describeFlavour(lite);
describePassword(lite);
