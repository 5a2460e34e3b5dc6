import { z } from 'zod';

/** Our policy forbids `eval`; zod would try it once per page and be reported for it. */
z.config({ jitless: true });
