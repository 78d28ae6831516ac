/** What the function that tells people may do: see a request and who is concerned, keep what is still to be told, and mail from one address. */
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { MailSettings } from '../lambda/contract/mail-settings.ts';
import type { Settings } from '../lambda/contract/settings.ts';
import {
  FORGET_AT,
  REQUEST_PARTITIONS,
  TABLE_INDEXES,
  TABLE_KEY,
  TELLING,
  TELLING_PARTITIONS,
} from '../lambda/contract/table.ts';
import { allow, directoryResources, onlyItemsOf, type Permission } from './permissions.ts';

/** One item whose key is known, and no list. */
const readRequests = ({ tableArn }: ITable): Permission =>
  allow({
    actions: ['dynamodb:GetItem'],
    resources: [tableArn],
    conditions: onlyItemsOf(`${REQUEST_PARTITIONS}*`),
  });

/** Everything that an item of it has. */
const TELLING_ATTRIBUTES: readonly string[] = [
  ...Object.values(TABLE_KEY),
  TABLE_INDEXES.open.partition,
  TABLE_INDEXES.open.sort,
  ...[FORGET_AT, 'version', 'data'],
];

/**
 * What is still to be told, and nothing else: whoever took over that function could change no request and no lease, and put
 * nothing into the lists of what is due and of what is to be done, which are made of attributes that it may not write.
 */
const keepTelling = ({ tableArn }: ITable): Permission[] => [
  allow({
    actions: ['dynamodb:DeleteItem'],
    resources: [tableArn],
    conditions: onlyItemsOf(`${TELLING_PARTITIONS}*`),
  }),
  allow({
    actions: ['dynamodb:PutItem'],
    resources: [tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${TELLING_PARTITIONS}*`] },
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': TELLING_ATTRIBUTES },
      Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
    },
  }),
  allow({
    actions: ['dynamodb:Query'],
    resources: [`${tableArn}/index/${TABLE_INDEXES.open.name}`],
    conditions: onlyItemsOf(TELLING),
  }),
];

export const streamOf = ({ tableStreamArn }: ITable): string => {
  if (tableStreamArn === undefined) throw new Error('the table of requests has no stream');
  return tableStreamArn;
};

/**
 * The mapping reads the stream with the right of the function that it calls. So whoever took that over could read which items
 * changed in the last day, by their keys: what is in them the stream does not carry.
 */
const readStream = (table: ITable): Permission[] => [
  allow({
    actions: ['DescribeStream', 'GetRecords', 'GetShardIterator'].map((call) => `dynamodb:${call}`),
    resources: [streamOf(table)],
  }),
  allow(
    { actions: ['dynamodb:ListStreams'], resources: ['*'] },
    'dynamodb:ListStreams knows no resources (Service Authorization Reference), and Lambda asks for it wherever it reads a stream',
  ),
];

/** By id: who somebody is, with their addresses, and who is in a group. Nobody is searched for. */
const readConcerned = (settings: Settings): Permission =>
  allow(
    {
      actions: ['identitystore:DescribeUser', 'identitystore:ListGroupMemberships'],
      resources: directoryResources(settings),
    },
    'Anybody in the directory may be concerned by a request, so the reads cover every user, group and membership of this one Identity Store',
  );

/** The domain and those above it, since SES takes a domain that it has verified for all below it; never a top-level one. */
const domainsOf = (address: string): readonly string[] => {
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.').toLowerCase());
};

/** NB. From one address, whichever identity SES takes for it; to whom is for the function to know. */
const sendMail = ({ account, region }: Settings, { from, configuration_set }: MailSettings): Permission => {
  const arn = (kind: string, name: string): string => `arn:aws:ses:${region}:${account}:${kind}/${name}`;
  return allow({
    actions: ['ses:SendEmail'],
    resources: [
      ...[from, ...domainsOf(from)].map((identity) => arn('identity', identity)),
      ...(configuration_set === undefined ? [] : [arn('configuration-set', configuration_set)]),
    ],
    conditions: { StringEqualsIgnoreCase: { 'ses:FromAddress': from } },
  });
};

export const tellPeople = (table: ITable, settings: Settings, mail: MailSettings): Permission[] => [
  readRequests(table),
  ...keepTelling(table),
  ...readStream(table),
  readConcerned(settings),
  sendMail(settings, mail),
];
