/** The pages of the local issuer: plain HTML, in which nothing runs and everything from outside is escaped. */
import { escaped } from '../gateway/page.ts';
import type { SeedPerson } from '../seed/seed.ts';

/**
 * Browsers apply `form-action` to where a form's answer leads as well: to the command that waits on a loopback port.
 */
export const SIGN_IN_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** @param content HTML; the title is text */
const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} - Brevet, on this machine</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #16191f; background: #fff; }
h2 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 0.5rem; }
button { font: inherit; text-align: start; width: 100%; padding: 0.5rem 0.75rem; color: inherit; background: #f2f3f3; border: 1px solid #687078; border-radius: 0.25rem; cursor: pointer; }
button:hover { background: #e3e6e6; }
button:focus-visible, input:focus-visible { outline: 3px solid #0972d3; outline-offset: 2px; }
button span { display: block; color: #414d5c; font-size: 0.875rem; }
input { font: inherit; padding: 0.5rem; border: 1px solid #687078; border-radius: 0.25rem; text-transform: uppercase; }
form.plain button { width: auto; }
code { font-size: 1.5rem; }
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${content}
</main>
</body>
</html>
`;

const button = ({ userId, userName, displayName, title, status }: SeedPerson): string => {
  const disabled = status === 'DISABLED' ? ', disabled in IAM Identity Center' : '';
  return `<li><button name="person" value="${escaped(userId)}">${escaped(displayName)} <span>${escaped(`${userName}, ${title}${disabled}`)}</span></button></li>`;
};

const team = (name: string, people: readonly SeedPerson[]): string =>
  `<h2>${escaped(name)}</h2>\n<ul>\n${people.map(button).join('\n')}\n</ul>`;

/** Whom one may be. There are no passwords: whoever reaches this page sits at this machine. */
export const peoplePage = (action: string, people: readonly SeedPerson[]): string => {
  const teams = Map.groupBy(people, ({ attributes }) => attributes.team ?? '');
  return page(
    'Who are you?',
    `<p>This stands in for the place where people of an organization sign in. Choose one of its people; there are no passwords.</p>
<form method="post" action="${escaped(action)}">
${[...teams].map(([name, members]) => team(name, members)).join('\n')}
</form>`,
  );
};

/** @param form HTML of oidc-provider, without a button */
export const codePage = (form: string, problem: string | undefined): string =>
  page(
    'Sign a command in',
    `<p${problem === undefined ? '' : ' role="alert"'}>${escaped(problem ?? 'Type the code that the command shows.')}</p>
${form.replace(/<input(?=[^>]*type="text")/, '<label for="user_code">Code</label> <input id="user_code"')}
<p><button type="submit" form="op.deviceInputForm" style="width: auto">Continue</button></p>`,
  );

/** @param form HTML of oidc-provider, without a button */
export const confirmPage = (form: string, client: string, code: string): string =>
  page(
    'Is this your code?',
    `<p>The command <strong>${escaped(client)}</strong> should show this code:</p>
<p><code>${escaped(code)}</code></p>
<p>If it does not, or if you did not start it, abort: somebody else would be signed in as you.</p>
${form}
<p><button type="submit" form="op.deviceConfirmForm" style="width: auto">It does: continue</button>
<button type="submit" form="op.deviceConfirmForm" value="yes" name="abort" style="width: auto">Abort</button></p>`,
  );

export const messagePage = (title: string, text: string): string => page(title, `<p>${escaped(text)}</p>`);
