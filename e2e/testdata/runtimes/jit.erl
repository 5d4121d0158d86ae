% Emulated code made native; modules compiled and loaded; processes; a port.
-module(jit). -export([main/0]).
fib(N) when N < 2 -> N; fib(N) -> fib(N-1) + fib(N-2).
main() -> io:format("~p~n", [erlang:system_info(emu_flavor)]), io:format("~p~n", [fib(25)]),
  S = self(), [spawn(fun() -> S ! lists:sum(lists:seq(1, 1000 * I)) end) || I <- lists:seq(1, 50)],
  io:format("~p~n", [lists:sum([receive X -> X end || _ <- lists:seq(1, 50)])]),
  io:format("~p~n", [catch 1 / 0]),
  [begin M = list_to_atom("m" ++ integer_to_list(I)), F = [{attribute,1,module,M},{attribute,2,export,[{f,1}]},{function,3,f,1,[{clause,3,[{var,3,'X'}],[],[{op,3,'*',{var,3,'X'},{integer,3,I}}]}]}],
    {ok, M, B} = compile:forms(F), code:load_binary(M, "x", B), true = (M:f(2) =:= I * 2) end || I <- lists:seq(1, 10)],
  io:format("~s", [os:cmd("echo port")]), halt(3).
