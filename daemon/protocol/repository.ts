import * as z from 'zod';
import { notification, request } from './define.ts';
import { environmentSchema } from './environment.ts';
import { diagnosticSchema } from './procedure.ts';
import { promotionSchema } from './promotion.ts';
import { releaseSchema } from './release.ts';

/** Whether the person lets Slipway act for this repository with this list of commands. */
const trustSchema = z.object({
  state: z.enum(['trusted', 'untrusted', 'changed']),
  /** The digest of the list of commands that the answer is about. */
  commandsDigest: z.string(),
  commands: z.array(z.array(z.string())),
  added: z.array(z.array(z.string())),
  removed: z.array(z.array(z.string())),
});

/** Where the governing policy comes from. */
const policySchema = z.object({
  from: z.string(),
  commit: z.exactOptional(z.string()),
  /** Set when nothing but this machine keeps it. */
  advice: z.exactOptional(z.string()),
  /** True when the working tree's slipway.yaml says something else: it is a preview. */
  workingTreeDiffers: z.boolean(),
  /** Why the policy could not be read. */
  problem: z.exactOptional(z.string()),
});

/** A repository as it stands: everything that the trees show. */
const repositorySchema = z.object({
  id: z.string(),
  folder: z.string(),
  name: z.string(),
  procedure: z.enum(['valid', 'invalid', 'missing']),
  /** Where it is missing: a file that was meant as the procedure, by its path, and what is wrong with it. */
  misplaced: z.exactOptional(z.object({ path: z.string(), kind: z.enum(['name', 'folder']) })),
  diagnostics: z.array(diagnosticSchema),
  policy: policySchema,
  trust: trustSchema,
  head: z.object({
    branch: z.exactOptional(z.string()),
    commit: z.exactOptional(z.string()),
    detached: z.boolean(),
    dirty: z.boolean(),
  }),
  /** Sentences about the repository that people should know: shallow, no remote, moved tag. */
  notices: z.array(z.string()),
  environments: z.array(environmentSchema),
  /** The newest, and older ones that run somewhere or whose tag was moved; newest first. */
  releases: z.array(releaseSchema),
  /** How many there are. */
  releaseCount: z.number(),
  /** The newest promotions, newest first. */
  promotions: z.array(promotionSchema),
});

/** A repository as it stands. */
export type RepositoryView = z.infer<typeof repositorySchema>;

/** Requests about repositories. */
export const repositoryRequests = {
  /** Opens the repository that holds a folder and sends this session its changes from now on. */
  'repository.open': request(z.object({ folder: z.string() }), repositorySchema),
  /** Ends the changes for this session. */
  'repository.close': request(z.object({ repositoryId: z.string() }), z.object({})),
  /** The person's word that Slipway may act for this repository with exactly these commands. */
  'repository.trust': request(
    z.object({ repositoryId: z.string(), commandsDigest: z.string() }),
    repositorySchema,
  ),
};

/** Notifications about repositories. */
export const repositoryNotifications = {
  /** Procedure, releases, trust or policy changed. */
  'repository.changed': notification(z.object({ repository: repositorySchema })),
};
