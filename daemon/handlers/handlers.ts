import { handleChecklistRead } from './checklistRead.ts';
import { handleChecklistTick } from './checklistTick.ts';
import { handleChecklistUntick } from './checklistUntick.ts';
import { handleEnvironmentConnect } from './environmentConnect.ts';
import { handleEnvironmentContexts } from './environmentContexts.ts';
import { handleEnvironmentDisconnect } from './environmentDisconnect.ts';
import { handleEnvironmentGates } from './environmentGates.ts';
import { handleJournalRead } from './journalRead.ts';
import { handleJournalVerify } from './journalVerify.ts';
import { handleLogAttach } from './logAttach.ts';
import { handleLogClose } from './logClose.ts';
import { handleLogFilter } from './logFilter.ts';
import { handleLogFind } from './logFind.ts';
import { handleLoginAnswer } from './loginAnswer.ts';
import { handleLoginCancel } from './loginCancel.ts';
import { handleLoginList } from './loginList.ts';
import { handleLogMatch } from './logMatch.ts';
import { handleLogOpen } from './logOpen.ts';
import { handleLogRead } from './logRead.ts';
import { handleLogReadLine } from './logReadLine.ts';
import { handleLogSave } from './logSave.ts';
import { handleOutputFollow } from './outputFollow.ts';
import { handlePlanReadText } from './planReadText.ts';
import { handleProcedureCheck } from './procedureCheck.ts';
import { handleProcedureDraft } from './procedureDraft.ts';
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
import { handleSessionLeave } from './sessionLeave.ts';
import { handleSessionRetire } from './sessionRetire.ts';
import { handleSessionSubscribe } from './sessionSubscribe.ts';
import { handleSetupCheck } from './setupCheck.ts';
import { handleSetupConfigure } from './setupConfigure.ts';
import { handleSetupRedact } from './setupRedact.ts';
import { handleSetupShow } from './setupShow.ts';

/** The table of handlers: one line per request; a missing one does not compile. */
export function buildHandlers(services: Services): Handlers {
  return {
    'session.hello': handleSessionHello(services),
    'session.subscribe': handleSessionSubscribe(services),
    'session.retire': handleSessionRetire(services),
    'session.leave': handleSessionLeave(services),
    'repository.open': handleRepositoryOpen(services),
    'repository.close': handleRepositoryClose(),
    'repository.trust': handleRepositoryTrust(services),
    'procedure.check': handleProcedureCheck(),
    'procedure.draft': handleProcedureDraft(services),
    'release.compare': handleReleaseCompare(services),
    'release.list': handleReleaseList(services),
    'release.refresh': handleReleaseRefresh(services),
    'release.acceptMovedTag': handleReleaseAcceptMovedTag(services),
    'environment.contexts': handleEnvironmentContexts(services),
    'environment.connect': handleEnvironmentConnect(services),
    'environment.disconnect': handleEnvironmentDisconnect(services),
    'environment.gates': handleEnvironmentGates(services),
    'checklist.read': handleChecklistRead(services),
    'checklist.tick': handleChecklistTick(services),
    'checklist.untick': handleChecklistUntick(services),
    'plan.readText': handlePlanReadText(services),
    'promotion.plan': handlePromotionPlan(services),
    'promotion.start': handlePromotionStart(services),
    'promotion.cancel': handlePromotionCancel(services),
    'promotion.list': handlePromotionList(services),
    'output.follow': handleOutputFollow(services),
    'log.open': handleLogOpen(services),
    'log.attach': handleLogAttach(services),
    'log.close': handleLogClose(services),
    'log.read': handleLogRead(services),
    'log.readLine': handleLogReadLine(services),
    'log.filter': handleLogFilter(services),
    'log.find': handleLogFind(services),
    'log.match': handleLogMatch(),
    'log.save': handleLogSave(services),
    'journal.read': handleJournalRead(services),
    'journal.verify': handleJournalVerify(services),
    'login.list': handleLoginList(services),
    'login.answer': handleLoginAnswer(services),
    'login.cancel': handleLoginCancel(services),
    'setup.configure': handleSetupConfigure(services),
    'setup.check': handleSetupCheck(services),
    'setup.redact': handleSetupRedact(services),
    'setup.show': handleSetupShow(services),
  };
}
