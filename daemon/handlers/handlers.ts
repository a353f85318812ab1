import { handleEnvironmentConnect } from './environmentConnect.ts';
import { handleEnvironmentContexts } from './environmentContexts.ts';
import { handleEnvironmentDisconnect } from './environmentDisconnect.ts';
import { handleEnvironmentGates } from './environmentGates.ts';
import { handleJournalRead } from './journalRead.ts';
import { handleJournalVerify } from './journalVerify.ts';
import { handleOutputFollow } from './outputFollow.ts';
import { handlePlanReadText } from './planReadText.ts';
import { handleProcedureCheck } from './procedureCheck.ts';
import { handlePromotionCancel } from './promotionCancel.ts';
import { handlePromotionList } from './promotionList.ts';
import { handlePromotionPlan } from './promotionPlan.ts';
import { handlePromotionStart } from './promotionStart.ts';
import { handleReleaseAcceptMovedTag } from './releaseAcceptMovedTag.ts';
import { handleReleaseCompare } from './releaseCompare.ts';
import { handleReleaseList } from './releaseList.ts';
import { handleReleaseRefresh } from './releaseRefresh.ts';
import { handleRepositoryClose } from './repositoryClose.ts';
import { handleRepositoryOpen } from './repositoryOpen.ts';
import { handleRepositoryTrust } from './repositoryTrust.ts';
import type { Handlers } from './requestContext.ts';
import type { Services } from './services.ts';
import { handleSessionHello } from './sessionHello.ts';
import { handleSessionRetire } from './sessionRetire.ts';
import { handleSessionSubscribe } from './sessionSubscribe.ts';
import { handleSetupConfigure } from './setupConfigure.ts';
import { handleSetupShow } from './setupShow.ts';

/** The table of handlers: one line per request; a missing one does not compile. */
export function buildHandlers(services: Services): Handlers {
  return {
    'session.hello': handleSessionHello(services),
    'session.subscribe': handleSessionSubscribe(services),
    'session.retire': handleSessionRetire(services),
    'repository.open': handleRepositoryOpen(services),
    'repository.close': handleRepositoryClose(),
    'repository.trust': handleRepositoryTrust(services),
    'procedure.check': handleProcedureCheck(),
    'release.compare': handleReleaseCompare(services),
    'release.list': handleReleaseList(services),
    'release.refresh': handleReleaseRefresh(services),
    'release.acceptMovedTag': handleReleaseAcceptMovedTag(services),
    'environment.contexts': handleEnvironmentContexts(services),
    'environment.connect': handleEnvironmentConnect(services),
    'environment.disconnect': handleEnvironmentDisconnect(services),
    'environment.gates': handleEnvironmentGates(services),
    'plan.readText': handlePlanReadText(services),
    'promotion.plan': handlePromotionPlan(services),
    'promotion.start': handlePromotionStart(services),
    'promotion.cancel': handlePromotionCancel(services),
    'promotion.list': handlePromotionList(services),
    'output.follow': handleOutputFollow(services),
    'journal.read': handleJournalRead(services),
    'journal.verify': handleJournalVerify(services),
    'setup.configure': handleSetupConfigure(services),
    'setup.show': handleSetupShow(services),
  };
}
