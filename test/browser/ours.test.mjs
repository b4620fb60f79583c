import { ours } from './lib/flavours.mjs';
import { describeFlavour, describePassword } from './lib/scenarios.mjs';

describeFlavour(ours);
describePassword(ours);
