#ifndef CLAPACK_SHIM_H
#define CLAPACK_SHIM_H

#include <stddef.h>

// LAPACK's routines as OpenBLAS exports them: Fortran's calling convention, every argument by
// address, matrices by columns, 32-bit integers, and the lengths of character arguments at the end.
// Debian's OpenBLAS is built without LAPACKE and brings no header for these.

#ifdef __cplusplus
extern "C" {
#endif

// Minimum-norm least squares by the singular value decomposition, divide and conquer.
void dgelsd_(
    const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b,
    const int *ldb, double *s, const double *rcond, int *rank, double *work, const int *lwork,
    int *iwork, int *info);

// Eigenvalues of a symmetric matrix, and its eigenvectors, by relatively robust representations.
void dsyevr_(
    const char *jobz, const char *range, const char *uplo, const int *n, double *a, const int *lda,
    const double *vl, const double *vu, const int *il, const int *iu, const double *abstol, int *m,
    double *w, double *z, const int *ldz, int *isuppz, double *work, const int *lwork, int *iwork,
    const int *liwork, int *info, size_t jobz_length, size_t range_length, size_t uplo_length);

// The kernels that OpenBLAS chose for this processor.
char *openblas_get_corename(void);

#ifdef __cplusplus
}
#endif

#endif
