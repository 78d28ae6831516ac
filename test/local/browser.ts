/** A browser without a screen, as far as signing in needs one: cookies, redirects, forms. */

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

export interface Browser {
  /** Follows redirects, at most ten; `stopAt` ends before an address that begins so is asked for. */
  open(
    url: string,
    options?: { readonly form?: Readonly<Record<string, string>>; readonly stopAt?: string },
  ): Promise<Page>;
}

const MOST_REDIRECTS = 10;

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

export const createBrowser = (): Browser => {
  const cookies = new Map<string, { readonly value: string; readonly path: string }>();

  const keep = (headers: Headers): void => {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', ...value] = pair.split('=');
      const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
      if (value.join('=') === '') cookies.delete(`${name} ${path}`);
      else cookies.set(`${name} ${path}`, { value: value.join('='), path });
    }
  };

  const cookiesFor = ({ pathname }: URL): string =>
    [...cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ');

  const send = async (url: URL, body: URLSearchParams | undefined): Promise<Response> => {
    const method = body ? 'POST' : 'GET';
    const headers = { cookie: cookiesFor(url) };
    const response = await fetch(url, { method, headers, redirect: 'manual', ...(body ? { body } : {}) });
    keep(response.headers);
    return response;
  };

  return {
    open: async (start, { form, stopAt } = {}) => {
      let url = new URL(start);
      let body = form && new URLSearchParams(form);
      for (let count = 0; count < MOST_REDIRECTS; count += 1) {
        const { href } = url;
        if (stopAt && href.startsWith(stopAt)) return { url: href, status: 0, headers: new Headers(), html: '' };
        const response = await send(url, body);
        const { status, headers } = response;
        const html = await response.text();
        const location = headers.get('location');
        if (!location) return { url: href, status, headers, html };
        url = new URL(location, url);
        body = undefined;
      }
      throw new Error(`more than ${MOST_REDIRECTS} redirects from ${start}`);
    },
  };
};

/** Where the page's only form leads, and what it carries by itself. */
export const formIn = ({ html, url }: Page): { readonly action: string; readonly hidden: Record<string, string> } => {
  const action = /<form[^>]*\baction="(?<action>[^"]*)"/.exec(html)?.groups?.action;
  if (action === undefined) throw new Error(`there is no form at ${url}:\n${html}`);
  const hidden = [...html.matchAll(/<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)"/g)];
  return {
    action: new URL(unescaped(action), url).href,
    hidden: Object.fromEntries(hidden.map(({ groups }) => [groups?.name ?? '', unescaped(groups?.value ?? '')])),
  };
};

/** What to send for whoever is called so on the page of people. */
export const personOn = ({ html, url }: Page, userName: string): string => {
  const buttons = html.matchAll(/<button name="person" value="(?<id>[^"]+)">[^<]*<span>(?<userName>[^,<]+),/g);
  const id = [...buttons].find(({ groups }) => groups?.userName === userName)?.groups?.id;
  if (id === undefined) throw new Error(`there is no ${userName} at ${url}:\n${html}`);
  return id;
};
