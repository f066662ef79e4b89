import { Command, Option } from 'commander';
import type { Role } from '../app.ts';
import type { BacktestCommandOptions } from './backtest/command.ts';

/*
 * `npx firstcall ...`. Each command lives in its own file and is loaded when it is called, so that
 * `rules check` does not wait for a database driver.
 */
const program = new Command('firstcall')
  .description('Ranked leads in Slack, with the whole why, and a record of every decision.')
  .showHelpAfterError()
  .showSuggestionAfterError();

program
  .command('start')
  .description('start First Call')
  .addOption(
    new Option('--role <role>', 'what this process does')
      .choices(['web', 'worker', 'all'])
      .default('all'),
  )
  .action(async (options: { role: Role }) => {
    const { runRole } = await import('../main.ts');
    process.exitCode = await runRole(options.role);
    // All is stopped; a library that still tries to connect somewhere does not keep us.
    setTimeout(() => process.exit(), 1_000).unref();
  });

program
  .command('init')
  .description('ask for credentials, check each with its service, and write .env')
  .option('--yes', 'ask nothing: take the credentials from the environment')
  .action(async (options: { yes?: boolean }) => {
    const { runInit } = await import('./init/command.ts');
    process.exitCode = await runInit({ yes: options.yes === true });
  });

program
  .command('demo')
  .description('start everything on this machine with sample leads, and open a page to click')
  .option('--port <port>', 'port of the page', '3000')
  .option('--no-open', 'do not open a browser')
  .option('--fast', 'play all sample leads at once')
  .action(async (options: { port: string; open: boolean; fast?: boolean }) => {
    const { runDemo } = await import('./demo.ts');
    process.exitCode = await runDemo({
      port: Number(options.port),
      open: options.open,
      fast: options.fast === true,
    });
  });

program
  .command('score')
  .description('score the leads of a file and print the why of each')
  .argument(
    '<file>',
    'what a webhook would send (JSON, or XML of Salesforce); - for standard input',
  )
  .option('--rules <folder>', 'rules folder (default: RULES_DIR, or scoring-rules)')
  .option('--json', 'print assessments as JSON: an object, or a list for a batch')
  .action(async (file: string, options: { rules?: string; json?: boolean }) => {
    const { runScore } = await import('./score.ts');
    process.exitCode = await runScore(file, { rules: options.rules, json: options.json === true });
  });

const rules = program.command('rules').description('work on scoring rules');
const FOLDER = ['[folder]', 'rules folder (default: RULES_DIR, or scoring-rules)'] as const;
interface JsonOption {
  json?: boolean;
}
rules
  .command('check')
  .description('check the rules and run the tests beside them')
  .argument(...FOLDER)
  .option('--json', 'print problems and results as JSON')
  .action(async (folder: string | undefined, { json = false }: JsonOption) => {
    const { runRulesCheck } = await import('./rules/check.ts');
    process.exitCode = await runRulesCheck(folder, { json });
  });
rules
  .command('test')
  .description('run the tests beside the rules, and say which rules have none')
  .argument(...FOLDER)
  .option('--json', 'print results as JSON')
  .action(async (folder: string | undefined, { json = false }: JsonOption) => {
    const { runRulesTest } = await import('./rules/test.ts');
    process.exitCode = await runRulesTest(folder, { json });
  });
rules
  .command('explain')
  .description('say in words what one rule does')
  .argument('<rule>', 'id of the rule')
  .argument(...FOLDER)
  .option('--json', 'print it as JSON')
  .action(async (rule: string, folder: string | undefined, { json = false }: JsonOption) => {
    const { runRulesExplain } = await import('./rules/explain.ts');
    process.exitCode = await runRulesExplain(rule, folder, { json });
  });
rules
  .command('diff')
  .description('say what two rules folders do differently; exit code 1 when they differ')
  .argument('<before>', 'rules folder')
  .argument('<after>', 'rules folder')
  .option('--json', 'print it as JSON')
  .action(async (before: string, after: string, { json = false }: JsonOption) => {
    const { runRulesDiff } = await import('./rules/diff.ts');
    process.exitCode = await runRulesDiff(before, after, { json });
  });
rules
  .command('schema')
  .description('print the JSON schema that editors check rule files with')
  .option('--json', 'as always: it is JSON')
  .action(async () => {
    const { runRulesSchema } = await import('./rules/schema.ts');
    process.exitCode = runRulesSchema();
  });

program
  .command('backtest')
  .description('score the leads of a CSV file and compare with what came of them')
  .argument('<file>', 'CSV with a line of column names')
  .requiredOption('--map <file>', 'how columns become a lead: see the rules README')
  .option('--rules <folder>', 'rules folder', 'scoring-rules')
  .option('--outcome <column>', 'column that says what came of the lead')
  .option('--time <column>', 'column that says when: each lead is scored as of then')
  .option('--skip <rows>', 'leave out the first rows, such as those that the points were fitted on')
  .option('--json', 'print the result as JSON')
  .option('--html <file>', 'also write one page with charts')
  .action(async (file: string, options: BacktestCommandOptions) => {
    const { runBacktestCommand } = await import('./backtest/command.ts');
    process.exitCode = await runBacktestCommand(file, options);
  });

program
  .command('migrate')
  .description('bring the database at DATABASE_URL up to date')
  .action(async () => {
    const { runMigrate } = await import('./migrate.ts');
    process.exitCode = await runMigrate();
  });

program
  .command('erase')
  .description('erase a person from the record; what Slack shows of them is drawn again')
  .argument('<who>', 'e-mail address, or id of a lead (L-4F7K)')
  .option('--yes', 'do not ask')
  .action(async (who: string, options: { yes?: boolean }) => {
    const { runErase } = await import('./erase.ts');
    process.exitCode = await runErase(who, { yes: options.yes === true });
  });

await program.parseAsync();
