// Scalars that several sections share.
import { referenceNames, toReference } from '@hovernet/core';
import { z } from 'zod';

export const positiveInteger = z.int().min(1);
export const count = z.int().min(0);
export const fraction = z.number().min(0).max(1);
export const nonNegative = z.number().min(0);
export const text = z.string().min(1);
export const sizePx = z.tuple([positiveInteger, positiveInteger]);
export const reference = z.enum(referenceNames).transform(toReference);
