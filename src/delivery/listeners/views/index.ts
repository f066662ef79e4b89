import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import * as assign from './assign.ts';
import * as handOver from './hand-over.ts';
import * as override from './override.ts';
import * as prefs from './prefs.ts';
import * as rollbackPublish from './rollback-publish.ts';
import * as ruleChange from './rule-change.ts';
import * as rulePublish from './rule-publish.ts';
import * as rulesRollback from './rules-rollback.ts';
import * as setupPublish from './setup-publish.ts';
import * as setupTeam from './setup-team.ts';
import * as snooze from './snooze.ts';

export function register(app: App, deps: SlackDeps): void {
  override.register(app, deps);
  assign.register(app, deps);
  snooze.register(app, deps);
  handOver.register(app, deps);
  prefs.register(app, deps);
  ruleChange.register(app, deps);
  rulePublish.register(app, deps);
  rulesRollback.register(app, deps);
  rollbackPublish.register(app, deps);
  setupTeam.register(app, deps);
  setupPublish.register(app, deps);
}
