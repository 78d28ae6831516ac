/** The page at `/`: says what this is and what to type. */

export interface PageFacts {
  readonly url: string;
  readonly awsUrl: string;
  /** Where the mail is shown; absent: nobody is mailed. */
  readonly mailUrl: string | undefined;
  /** Commands to try, one a line. */
  readonly tour: readonly string[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** Nothing may be loaded or run, whatever gets into the page. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
} as const;

const aboutMail = (mailUrl: string | undefined): string =>
  mailUrl === undefined
    ? 'Nobody is mailed: the settings have no <code>mail</code>.'
    : `What people were mailed is shown at <a href="${escaped(mailUrl)}">${escaped(mailUrl)}</a>.`;

export const renderPage = ({ url, awsUrl, mailUrl, tour }: PageFacts): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Brevet, on this machine</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #16191f; background: #fff; }
pre { background: #f2f3f3; padding: 1rem; overflow-x: auto; }
</style>
</head>
<body>
<h1>Brevet, on this machine</h1>
<p>Temporary elevated access to AWS: asked for, approved, and taken away on time. This is the whole service without AWS;
the organization behind it is made up.</p>
<p>The API is at <code>${escaped(url)}/iam/v1</code> for signed calls (AWS Signature Version 4), and at
<code>${escaped(url)}/v1</code> for people who sign in with a browser: <code>npx brevet login --endpoint ${escaped(url)}</code>.
The AWS services it works with are played at <code>${escaped(awsUrl)}</code>. ${aboutMail(mailUrl)}</p>
<p>In a terminal:</p>
<pre>${tour.map(escaped).join('\n')}</pre>
</body>
</html>
`;
