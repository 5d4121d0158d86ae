int x = 6 * 7;
System.out.println(x);
String f(int n) { return n < 2 ? "a" : f(n - 1) + n; }
System.out.println(f(5));
int g(int n) { int s = 0; for (int i = 0; i < n; i++) s = s * 31 + i; return s; }
for (int i = 0; i < 3; i++) System.out.println(g(300000 + i));
1 / 0
((String) null).length()
/exit 4
