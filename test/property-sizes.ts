import fc from 'fast-check';

// Otherwise a list is ten long at most, whatever `maxLength` says: too short for what only happens
// to a side of a book, or to a queue, that fills up and is emptied again.
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });
