import { storeConformance } from '@omemo-kit/store-conformance';
import { plainOptions } from '../stores/broken-stores.ts';

storeConformance({ ...plainOptions(), name: 'a plain store keeps the whole contract' });
