# SPDX-License-Identifier: Apache-2.0
# Macros of gwcert's own, so that autoconf-archive is not needed.

# GW_CFLAG(FLAG, VARIABLE): appends FLAG to VARIABLE where the compiler takes it without a warning
# behind those that VARIABLE has already.
AC_DEFUN([GW_CFLAG],
[AS_VAR_PUSHDEF([gw_cache], [gw_cv_cflag_$1])dnl
AC_CACHE_CHECK([whether $CC takes $1], [gw_cache],
  [gw_saved_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -Werror $$2 $1"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([gw_cache], [yes])], [AS_VAR_SET([gw_cache], [no])])
  CFLAGS=$gw_saved_CFLAGS])
AS_VAR_IF([gw_cache], [yes], [AS_VAR_APPEND([$2], [" $1"])])
AS_VAR_POPDEF([gw_cache])dnl
])

# GW_LDFLAG(FLAG, VARIABLE, [COMPILE-FLAGS]): the same for the linker; COMPILE-FLAGS go with the trial.
AC_DEFUN([GW_LDFLAG],
[AS_VAR_PUSHDEF([gw_cache], [gw_cv_ldflag_$1])dnl
AC_CACHE_CHECK([whether the linker takes $1], [gw_cache],
  [gw_saved_CFLAGS=$CFLAGS gw_saved_LDFLAGS=$LDFLAGS
  CFLAGS="$CFLAGS -Werror $3" LDFLAGS="$LDFLAGS $1"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([gw_cache], [yes])], [AS_VAR_SET([gw_cache], [no])])
  CFLAGS=$gw_saved_CFLAGS LDFLAGS=$gw_saved_LDFLAGS])
AS_VAR_IF([gw_cache], [yes], [AS_VAR_APPEND([$2], [" $1"])])
AS_VAR_POPDEF([gw_cache])dnl
])

# GW_LIBRARY(PREFIX, MODULE, LIBRARY, FUNCTION, HEADER, [IF-MISSING]): PREFIX_CFLAGS and PREFIX_LIBS by pkg-config, else by
# trying -lLIBRARY. IF-MISSING replaces the error.
AC_DEFUN([GW_LIBRARY],
[PKG_CHECK_MODULES([$1], [$2], [gw_have_$1=yes],
  [gw_saved_LIBS=$LIBS
  AC_CHECK_HEADER([$5], [AC_CHECK_LIB([$3], [$4], [gw_have_$1=yes], [gw_have_$1=no])], [gw_have_$1=no])
  LIBS=$gw_saved_LIBS
  AS_IF([test "$gw_have_$1" = yes], [$1_LIBS=-l$3],
    [m4_default([$6], [AC_MSG_ERROR([$2 is missing; scripts/install-deps names the packages and installs them])])])])
])

# GW_ENABLE(NAME, HELP): --enable-NAME, off by default; gw_NAME is yes or no.
AC_DEFUN([GW_ENABLE],
[AC_ARG_ENABLE([$1], [AS_HELP_STRING([--enable-$1], [$2])],
  [AS_IF([test "$enableval" = no], [gw_$1=no], [gw_$1=yes])], [gw_$1=no])
])
