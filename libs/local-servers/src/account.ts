import { readFile } from 'node:fs/promises';
import { succeeds } from './command.js';

/** An unprivileged account of this machine. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const parse = (line: string): Account => {
  const [name = '', , uid, gid] = line.split(':');
  return { name, uid: Number(uid), gid: Number(gid) };
};

/** The accounts to try, `postgres` before `nobody`; some account of the list has to exist on any Unix. */
export async function usableAccounts(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const all = text
    .split('\n')
    .filter((line) => line.includes(':'))
    .map(parse);
  return ['postgres', 'nobody', 'daemon'].flatMap((name) => all.filter((account) => account.name === name && account.uid > 0));
}

/** The account with this number, if it has a name here. */
export async function accountOf(uid: number): Promise<Account | undefined> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line.includes(':'))
    .map(parse)
    .find((account) => account.uid === uid);
}

/** The words to put before a command so that root looks like `account` to it, while files stay root's. */
export const inUserNamespace = ({ uid, gid }: Account): [string, ...string[]] => [
  'unshare',
  '--user',
  `--map-user=${uid}`,
  `--map-group=${gid}`,
  '--',
];

/** Kernels, containers and security modules may refuse user namespaces even to root: the only test is to make one. */
export const userNamespacesWork = (account: Account): Promise<boolean> => {
  const [file, ...args] = inUserNamespace(account);
  return succeeds(file, [...args, 'true']);
};
