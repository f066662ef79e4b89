import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import * as decisionUndo from './decision-undo.ts';
import * as heldEvent from './held-event.ts';
import * as leadAccept from './lead-accept.ts';
import * as leadMore from './lead-more.ts';
import * as leadOpenCrm from './lead-open-crm.ts';
import * as leadOverride from './lead-override.ts';
import * as leadRelease from './lead-release.ts';
import * as leadDisqualify from './lead-disqualify.ts';
import * as leadWhy from './lead-why.ts';
import * as prefsOpen from './prefs-open.ts';
import * as rulesChange from './rules-change.ts';
import * as rulesOpen from './rules-open.ts';
import * as rulesPage from './rules-page.ts';
import * as rulesRollback from './rules-rollback.ts';
import * as testLeadRemove from './test-lead-remove.ts';

export function register(app: App, deps: SlackDeps): void {
  leadAccept.register(app, deps);
  leadOverride.register(app, deps);
  leadWhy.register(app, deps);
  leadMore.register(app, deps);
  leadRelease.register(app, deps);
  heldEvent.register(app, deps);
  leadOpenCrm.register(app);
  decisionUndo.register(app, deps);
  prefsOpen.register(app, deps);
  leadDisqualify.register(app, deps);
  rulesOpen.register(app, deps);
  rulesPage.register(app, deps);
  rulesChange.register(app, deps);
  rulesRollback.register(app, deps);
  testLeadRemove.register(app, deps);
}
