/** Access to one target, and a service that grants it, for the tests of what uses it. */
import type { RequestDetail } from '../../../lambda/contract/api.ts';
import { activeRequest, CATALOG, ONE, overRequest, page, REQUESTS } from './documents.ts';
import { PORTAL, portalAnswer } from './home.ts';
import type { Answer, Reply } from './service.ts';

export const TARGET = '400000000001/AdministratorAccess';

/** Ends a year from when the tests run, as far as they can tell. */
export const held = (changes: Partial<RequestDetail> = {}): RequestDetail =>
  activeRequest({ endsAt: '2097-01-01T00:00:00.000Z', ...changes });
export const ending: RequestDetail = held({ status: 'ending', youMay: [] });

export const grants: Readonly<Record<string, Answer | Reply>> = {
  'GET /iam/v1/catalog': { body: { items: CATALOG } },
  [`GET ${REQUESTS}`]: { body: page() },
  [`POST ${REQUESTS}`]: { status: 201, body: held() },
  [`GET ${ONE}`]: { body: held() },
  [`POST ${ONE}/end`]: { body: ending },
  [`POST ${ONE}/cancel`]: { body: overRequest('cancelled', 'cancelled by the requester') },
  [PORTAL]: portalAnswer,
};
