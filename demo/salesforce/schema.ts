export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'int'
  | 'double'
  | 'currency'
  | 'boolean'
  | 'datetime'
  | 'reference';

export interface FieldDefinition {
  name: string;
  type: FieldType;
  /** Characters, for the text types. */
  length?: number;
  /** Must have a value on create. */
  required?: boolean;
  readOnly?: boolean;
  externalId?: boolean;
  defaultValue?: string | boolean;
  values?: readonly string[];
}

export type ObjectName = 'Lead' | 'User';
export const OBJECT_NAMES: readonly ObjectName[] = ['Lead', 'User'];
export const ID_PREFIXES: Readonly<Record<ObjectName, string>> = { Lead: '00Q', User: '005' };

export const LEAD_STATUSES = [
  'Open - Not Contacted',
  'Working - Contacted',
  'Closed - Converted',
  'Closed - Not Converted',
] as const;

const SYSTEM_FIELDS: readonly FieldDefinition[] = [
  { name: 'Id', type: 'id', length: 18, readOnly: true },
  { name: 'IsDeleted', type: 'boolean', readOnly: true, defaultValue: false },
  { name: 'CreatedDate', type: 'datetime', readOnly: true },
  { name: 'CreatedById', type: 'reference', length: 18, readOnly: true },
  { name: 'LastModifiedDate', type: 'datetime', readOnly: true },
  { name: 'LastModifiedById', type: 'reference', length: 18, readOnly: true },
  { name: 'SystemModstamp', type: 'datetime', readOnly: true },
];

/** The custom fields that First Call writes by default, with the lengths an admin would give them. */
export const FIRST_CALL_FIELDS: readonly FieldDefinition[] = [
  { name: 'First_Call_Id__c', type: 'string', length: 40, externalId: true },
  { name: 'First_Call_Score__c', type: 'double' },
  { name: 'First_Call_Tier__c', type: 'string', length: 20 },
  { name: 'First_Call_Reasons__c', type: 'textarea', length: 32_768 },
  { name: 'First_Call_Ruleset__c', type: 'string', length: 80 },
  { name: 'First_Call_Decision__c', type: 'string', length: 40 },
  { name: 'First_Call_Override_Reason__c', type: 'string', length: 255 },
  { name: 'First_Call_Decided_At__c', type: 'datetime' },
  { name: 'First_Call_Scored_At__c', type: 'datetime' },
];

const LEAD_FIELDS: readonly FieldDefinition[] = [
  ...SYSTEM_FIELDS,
  { name: 'Salutation', type: 'picklist', length: 40 },
  { name: 'FirstName', type: 'string', length: 40 },
  { name: 'LastName', type: 'string', length: 80, required: true },
  { name: 'Name', type: 'string', length: 121, readOnly: true },
  { name: 'Company', type: 'string', length: 255, required: true },
  { name: 'Title', type: 'string', length: 128 },
  { name: 'Email', type: 'email', length: 80 },
  { name: 'Phone', type: 'phone', length: 40 },
  { name: 'MobilePhone', type: 'phone', length: 40 },
  { name: 'Website', type: 'url', length: 255 },
  { name: 'Street', type: 'textarea', length: 255 },
  { name: 'City', type: 'string', length: 40 },
  { name: 'State', type: 'string', length: 80 },
  { name: 'PostalCode', type: 'string', length: 20 },
  { name: 'Country', type: 'string', length: 80 },
  { name: 'Industry', type: 'picklist', length: 255 },
  { name: 'AnnualRevenue', type: 'currency' },
  { name: 'NumberOfEmployees', type: 'int' },
  { name: 'LeadSource', type: 'picklist', length: 255 },
  {
    name: 'Status',
    type: 'picklist',
    length: 255,
    defaultValue: 'Open - Not Contacted',
    values: LEAD_STATUSES,
  },
  { name: 'Rating', type: 'picklist', length: 255 },
  { name: 'Description', type: 'textarea', length: 32_000 },
  { name: 'OwnerId', type: 'reference', length: 18 },
  { name: 'HasOptedOutOfEmail', type: 'boolean', defaultValue: false },
  { name: 'DoNotCall', type: 'boolean', defaultValue: false },
  { name: 'IsConverted', type: 'boolean', readOnly: true, defaultValue: false },
  { name: 'ConvertedDate', type: 'datetime', readOnly: true },
];

const USER_FIELDS: readonly FieldDefinition[] = [
  ...SYSTEM_FIELDS,
  { name: 'Username', type: 'string', length: 80, required: true },
  { name: 'FirstName', type: 'string', length: 40 },
  { name: 'LastName', type: 'string', length: 80, required: true },
  { name: 'Name', type: 'string', length: 121, readOnly: true },
  { name: 'Email', type: 'email', length: 128, required: true },
  { name: 'IsActive', type: 'boolean', defaultValue: true },
];

export type Schema = Readonly<Record<ObjectName, readonly FieldDefinition[]>>;

export function createSchema(customLeadFields: readonly FieldDefinition[]): Schema {
  return { Lead: [...LEAD_FIELDS, ...customLeadFields], User: USER_FIELDS };
}

export function findField(
  schema: Schema,
  object: ObjectName,
  name: string,
): FieldDefinition | undefined {
  const wanted = name.toLowerCase();
  return schema[object].find((field) => field.name.toLowerCase() === wanted);
}

/** The part of a describe answer that clients use. */
export function describeObject(schema: Schema, object: ObjectName): object {
  return {
    name: object,
    label: object,
    keyPrefix: ID_PREFIXES[object],
    custom: false,
    createable: object === 'Lead',
    updateable: object === 'Lead',
    queryable: true,
    fields: schema[object].map(describeField),
    childRelationships: [],
    recordTypeInfos: [],
    urls: {},
  };
}

function describeField(field: FieldDefinition): object {
  const isWritable = field.readOnly !== true;
  return {
    name: field.name,
    label: field.name.replace(/__c$/, '').replaceAll('_', ' '),
    type: field.type,
    length: field.length ?? 0,
    custom: field.name.endsWith('__c'),
    createable: isWritable,
    updateable: isWritable,
    nillable: field.required !== true && field.type !== 'boolean',
    externalId: field.externalId === true,
    idLookup: field.externalId === true || field.name === 'Id' || field.type === 'email',
    unique: field.externalId === true,
    picklistValues: (field.values ?? []).map((value) => ({ active: true, label: value, value })),
    referenceTo: field.type === 'reference' ? ['User'] : [],
    relationshipName: field.type === 'reference' ? field.name.replace(/Id$/, '') : null,
  };
}
