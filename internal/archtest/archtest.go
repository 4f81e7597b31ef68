// Package archtest holds the project to its layout. Its tests read the import
// graph as the go command sees it and fail when an import points the wrong way,
// when a technology leaves the packages that adapt it, or when C code comes
// within reach of a process that must have none.
package archtest
